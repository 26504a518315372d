package main

import (
	"context"
	"fmt"
	"math/rand"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// mixer makes every kind of raft entry a client can cause, in an order the seed decides.
type mixer struct {
	client  *clientv3.Client
	random  *rand.Rand
	leases  []clientv3.LeaseID
	created int // users and roles made so far
}

// mixed proposes count entries one after the other, so that the same seed gives the same log.
func mixed(count int) error {
	client, err := connect()
	if err != nil {
		return err
	}
	defer client.Close()
	m := &mixer{client: client, random: rand.New(rand.NewSource(*seed))}
	for i := range count {
		if err := m.step(context.Background(), i); err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
	}
	return nil
}

// step makes one entry. Auth and alarms come at fixed places, since they are few.
func (m *mixer) step(ctx context.Context, i int) error {
	switch {
	case i%1000 == 500:
		return m.compact(ctx)
	case i%1000 == 700:
		return m.alarm(ctx)
	case i%500 == 100:
		return m.auth(ctx)
	}
	switch dice := m.random.Intn(100); {
	case dice < 50:
		return m.put(ctx)
	case dice < 62:
		_, err := m.client.Delete(ctx, m.key())
		return err
	case dice < 66:
		return m.deleteRange(ctx)
	case dice < 84:
		return m.txn(ctx)
	case dice < 87:
		return m.grant(ctx)
	case dice < 89 && len(m.leases) > 0:
		return m.revoke(ctx)
	default:
		return m.putWithLease(ctx)
	}
}

func (m *mixer) key() string {
	return fmt.Sprintf("/mixed/%02d/%04d", m.random.Intn(50), m.random.Intn(200))
}

func (m *mixer) value() string {
	return value(m.random, m.random.Intn(2**size))
}

func (m *mixer) put(ctx context.Context) error {
	_, err := m.client.Put(ctx, m.key(), m.value())
	return err
}

func (m *mixer) putWithLease(ctx context.Context) error {
	if len(m.leases) == 0 {
		return m.put(ctx)
	}
	lease := clientv3.WithLease(m.leases[m.random.Intn(len(m.leases))])
	_, err := m.client.Put(ctx, m.key(), m.value(), lease)
	return err
}

// deleteRange deletes from one key up to another of the same directory.
func (m *mixer) deleteRange(ctx context.Context) error {
	from := m.random.Intn(200)
	prefix := fmt.Sprintf("/mixed/%02d/", m.random.Intn(50))
	start := fmt.Sprintf("%s%04d", prefix, from)
	end := fmt.Sprintf("%s%04d", prefix, from+1+m.random.Intn(10))
	_, err := m.client.Delete(ctx, start, clientv3.WithRange(end))
	return err
}

// txn compares, and in both branches puts and deletes; every third time one is nested.
func (m *mixer) txn(ctx context.Context) error {
	key := m.key()
	exists := clientv3.Compare(clientv3.CreateRevision(key), ">", 0)
	// Prefixes keep the branches' keys apart: etcd refuses a key put twice in one transaction.
	then := []clientv3.Op{
		clientv3.OpPut(key, m.value()),
		clientv3.OpPut("/then"+key, m.value()),
		clientv3.OpDelete("/else" + key),
	}
	otherwise := []clientv3.Op{clientv3.OpPut("/else"+key, m.value()), clientv3.OpGet(key)}
	if m.random.Intn(3) == 0 {
		newer := clientv3.Compare(clientv3.Version("/nested"+key), ">", int64(m.random.Intn(3)))
		then = append(then, clientv3.OpTxn(
			[]clientv3.Cmp{newer},
			[]clientv3.Op{clientv3.OpDelete("/nested" + key)},
			[]clientv3.Op{clientv3.OpPut("/nested"+key, m.value())},
		))
	}
	_, err := m.client.Txn(ctx).If(exists).Then(then...).Else(otherwise...).Commit()
	return err
}

func (m *mixer) grant(ctx context.Context) error {
	lease, err := m.client.Grant(ctx, 1_000_000+int64(m.random.Intn(1000)))
	if err == nil {
		m.leases = append(m.leases, lease.ID)
	}
	return err
}

func (m *mixer) revoke(ctx context.Context) error {
	i := m.random.Intn(len(m.leases))
	lease := m.leases[i]
	m.leases = append(m.leases[:i], m.leases[i+1:]...)
	_, err := m.client.Revoke(ctx, lease)
	return err
}

// compact keeps the last few hundred revisions.
func (m *mixer) compact(ctx context.Context) error {
	response, err := m.client.Get(ctx, "none")
	if err != nil {
		return err
	}
	_, err = m.client.Compact(ctx, max(1, response.Header.Revision-300))
	return err
}

// alarm proposes the disarming of an alarm that nothing raised; etcd logs it all the same.
func (m *mixer) alarm(ctx context.Context) error {
	members, err := m.client.MemberList(ctx)
	if err != nil {
		return err
	}
	_, err = m.client.AlarmDisarm(ctx, &clientv3.AlarmMember{
		MemberID: members.Members[0].ID,
		Alarm:    1, // NOSPACE
	})
	return err
}

// auth goes round through the life of a role and a user; auth itself stays off.
func (m *mixer) auth(ctx context.Context) error {
	n := m.created / 6
	role, user := fmt.Sprintf("role%d", n), fmt.Sprintf("user%d", n)
	var err error
	switch m.created % 6 {
	case 0:
		_, err = m.client.RoleAdd(ctx, role)
	case 1:
		_, err = m.client.RoleGrantPermission(ctx, role, "/mixed/", "/mixed0",
			clientv3.PermissionType(clientv3.PermReadWrite))
	case 2:
		_, err = m.client.UserAdd(ctx, user, "secret")
	case 3:
		_, err = m.client.UserGrantRole(ctx, user, role)
	case 4:
		_, err = m.client.UserRevokeRole(ctx, user, role)
	case 5:
		_, err = m.client.UserDelete(ctx, user)
	}
	m.created++
	return err
}
