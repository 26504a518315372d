// Command load fills a running etcd with data, quickly.
//
//	load -endpoints 127.0.0.1:2379 -mode txn -n 200000 -size 1024 -per-txn 100
//	load -endpoints 127.0.0.1:2379 -mode puts -n 1000000 -size 64
//	load -endpoints 127.0.0.1:2379 -mode mixed -n 100000
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"math/rand"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
)

var (
	endpoints = flag.String("endpoints", "127.0.0.1:2379", "comma-separated client addresses")
	mode      = flag.String("mode", "puts", "txn, puts or mixed")
	total     = flag.Int("n", 1000, "keys to put (txn, puts) or log entries to make (mixed)")
	size      = flag.Int("size", 64, "bytes in a value")
	perTxn    = flag.Int("per-txn", 100, "puts in a transaction (txn)")
	workers   = flag.Int("workers", 256, "requests in flight (txn, puts)")
	seed      = flag.Int64("seed", 1, "seed of the random values")
)

func main() {
	flag.Parse()
	started := time.Now()
	var err error
	switch *mode {
	case "txn":
		err = parallel(*total / *perTxn, putTxn)
	case "puts":
		err = parallel(*total, putOne)
	case "mixed":
		err = mixed(*total)
	default:
		err = fmt.Errorf("unknown mode %q", *mode)
	}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %d in %s\n", *mode, *total, time.Since(started).Round(time.Millisecond))
}

func connect() (*clientv3.Client, error) {
	return clientv3.New(clientv3.Config{
		Endpoints:   strings.Split(*endpoints, ","),
		DialTimeout: 10 * time.Second,
		Logger:      zap.NewNop(),
	})
}

// parallel calls work for 0 … count-1 from many goroutines over a few connections.
func parallel(count int, work func(*clientv3.Client, *rand.Rand, int) error) error {
	const connections = 8
	clients := make([]*clientv3.Client, connections)
	for i := range clients {
		client, err := connect()
		if err != nil {
			return err
		}
		defer client.Close()
		clients[i] = client
	}
	var next atomic.Int64
	var group sync.WaitGroup
	failures := make(chan error, *workers)
	for w := range *workers {
		group.Go(func() {
			random := rand.New(rand.NewSource(*seed + int64(w)))
			for i := next.Add(1) - 1; i < int64(count); i = next.Add(1) - 1 {
				if err := work(clients[w%connections], random, int(i)); err != nil {
					failures <- err
					return
				}
			}
		})
	}
	group.Wait()
	close(failures)
	return <-failures
}

func putTxn(client *clientv3.Client, random *rand.Rand, i int) error {
	puts := make([]clientv3.Op, *perTxn)
	for j := range puts {
		puts[j] = clientv3.OpPut(fmt.Sprintf("/load/%09d", i**perTxn+j), value(random, *size))
	}
	_, err := client.Txn(context.Background()).Then(puts...).Commit()
	return err
}

func putOne(client *clientv3.Client, random *rand.Rand, i int) error {
	key := fmt.Sprintf("/registry/pods/ns-%03d/p-%08d", i%997, i)
	_, err := client.Put(context.Background(), key, value(random, *size))
	return err
}

// value returns random bytes, which no compressor can shrink.
func value(random *rand.Rand, bytes int) string {
	b := make([]byte, bytes)
	random.Read(b)
	return string(b)
}
