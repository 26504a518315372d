import { family } from '../entry.ts'

const KEEP_AND_REPAIR =
  'Do not delete segments by hand. Keep a copy of the whole member before anything else.'

/** Findings about WAL segments and the log they form. */
export const WAL_FINDINGS = family({
  WAL_TORN_TAIL: {
    title: 'Torn last record',
    severity: 'warning',
    meaning:
      'The last record was not written whole, as after a power cut. etcd cuts it off at start ' +
      'and keeps a .broken copy; 3.5.5 and 3.5.6 refuse when the length runs past the file.',
    remedy: 'Start the member with a current patch release; compare the cut with the commit index.',
  },
  WAL_TORN_SEGMENT: {
    title: 'Segment ends inside a record',
    severity: 'error',
    meaning:
      'A segment that is not the last one ends in the middle of a record. etcd repairs only the ' +
      'last segment and does not start.',
    remedy: KEEP_AND_REPAIR,
  },
  WAL_CRC_MISMATCH: {
    title: 'Record fails its checksum',
    severity: 'error',
    meaning: 'The data of a record is not what was written. etcd does not start.',
    remedy: KEEP_AND_REPAIR,
  },
  WAL_CHAIN_BROKEN: {
    title: 'Segments do not follow one another',
    severity: 'error',
    meaning:
      'The checksum at the head of a segment is not the one the log had reached: a segment was ' +
      'replaced, lost or cut. etcd does not start.',
    remedy: KEEP_AND_REPAIR,
  },
  WAL_LENGTH_OUT_OF_RANGE: {
    title: 'Record length runs past the end of the file',
    severity: 'error',
    meaning:
      'The length field is damaged and records follow it. etcd 3.5.7 and later take it for the ' +
      'end of the log and silently drop everything after it; older ones refuse to start.',
    remedy: KEEP_AND_REPAIR,
  },
  WAL_ZERO_LENGTH: {
    title: 'Zero length in front of records',
    severity: 'error',
    meaning:
      'A record length of zero ends the log for every etcd, which then wipes what follows: ' +
      'those records are lost without a word.',
    remedy: KEEP_AND_REPAIR,
  },
  WAL_RECORD_UNDECODABLE: {
    title: 'Record does not decode',
    severity: 'error',
    meaning: 'The protobuf of a record is broken. etcd does not start.',
    remedy: KEEP_AND_REPAIR,
  },
  WAL_RECORD_TYPE_UNKNOWN: {
    title: 'Record of an unknown type',
    severity: 'error',
    meaning: 'etcd knows the types 1 to 5 and refuses with "unexpected block type".',
    remedy: KEEP_AND_REPAIR,
  },
  WAL_PAYLOAD_UNDECODABLE: {
    title: 'Content of a record does not decode',
    severity: 'error',
    meaning: 'The checksum is right but the message inside is broken: etcd panics.',
    remedy: KEEP_AND_REPAIR,
  },
  WAL_PADDING: {
    title: 'Padding that is not zero',
    severity: 'warning',
    meaning: 'The bytes that fill a frame to 8 are not covered by any checksum. etcd ignores them.',
    remedy: 'Suspect the disk: something wrote where etcd writes zeros.',
  },
  WAL_BEYOND_DAMAGE: {
    title: 'Records beyond the damage',
    severity: 'error',
    meaning:
      'Valid records follow a damaged place. etcd never reads them: it refuses to start, or it ' +
      'starts without them.',
    remedy: KEEP_AND_REPAIR,
  },
  WAL_METADATA_CONFLICT: {
    title: 'Segments of different members',
    severity: 'error',
    meaning: 'Two segments name different members or clusters. etcd does not start.',
    remedy: 'Find the directory that each segment came from.',
  },
  WAL_SEQUENCE_GAP: {
    title: 'Missing segment',
    severity: 'error',
    meaning: 'The sequence numbers of the segments leave a gap. etcd does not start.',
    remedy: 'Find the missing segment; etcd only ever removes the oldest ones.',
  },
  WAL_INDEX_GAP: {
    title: 'Entries missing from the log',
    severity: 'error',
    meaning:
      'The raft index jumps, and no snapshot record explains it. After the snapshot that etcd ' +
      'starts from this is fatal: "wal: slice bounds out of range".',
    remedy: KEEP_AND_REPAIR,
  },
  WAL_ENTRY_TYPE_UNKNOWN: {
    title: 'Entry of an unknown type',
    severity: 'error',
    meaning: 'etcd knows entries and membership changes and panics with "unknown entry type".',
    remedy: KEEP_AND_REPAIR,
  },
  WAL_TERM_FALLS: {
    title: 'Term lower than before',
    severity: 'error',
    meaning:
      'In a log of raft terms never fall from one entry to the next. The type of a record, which ' +
      'no checksum covers, may have been changed, or entries come from elsewhere.',
    remedy: KEEP_AND_REPAIR,
  },
  WAL_COMMITTED_OVERWRITTEN: {
    title: 'Committed entry overwritten',
    severity: 'error',
    meaning:
      'Raft never writes anew what it has committed. The type of a record, which no checksum ' +
      'covers, may have been changed, or entries come from elsewhere.',
    remedy: KEEP_AND_REPAIR,
  },
  WAL_SEGMENT_NAME: {
    title: 'Segment name and content differ',
    severity: 'warning',
    meaning:
      'The index in the name is not the one after the last entry before the segment. etcd ' +
      'chooses the segment to start from by its name.',
    remedy: 'Find out who renamed the segment before etcd is started on it.',
  },
  WAL_NAME_IGNORED: {
    title: 'Name that etcd ignores',
    severity: 'info',
    meaning: 'The name ends in .wal but is not of the form that etcd gives its segments.',
    remedy: 'Nothing, unless somebody renamed a segment.',
  },
  WAL_NO_SEGMENTS: {
    title: 'No WAL segment',
    severity: 'error',
    meaning: 'The directory holds no segment. etcd may start a new, empty log over an old db.',
    remedy: 'Find the right directory; the WAL may be elsewhere (--wal-dir).',
  },
  WAL_COMMIT_OUT_OF_RANGE: {
    title: 'Commit index beyond the log',
    severity: 'error',
    meaning: 'The last HardState commits entries that are not there: etcd panics.',
    remedy: 'Do not start the member. Remove it from the cluster and add it again.',
  },
  WAL_SEGMENT_HEAD: {
    title: 'Segment with an odd head',
    severity: 'error',
    meaning:
      'Every segment begins with a crc record and the metadata, which names the member. The type ' +
      'of a record, which no checksum covers, may have been changed. Without metadata etcd takes ' +
      'the member for another one.',
    remedy: KEEP_AND_REPAIR,
  },
  WAL_NOT_READ_ON: {
    title: 'Segment not searched to its end',
    severity: 'warning',
    meaning:
      'There are more than 256 MiB of zeros, or frames that overlap in such numbers that searching ' +
      'them would never end. etcd writes neither: the file was made, or comes from elsewhere.',
    remedy: 'Find out where the file comes from.',
  },
  WAL_ENTRY_TOO_LARGE: {
    title: 'Entry too large to show',
    severity: 'info',
    meaning: 'The checksum was computed over all of it, but its content was not decoded.',
    remedy: 'Nothing to do.',
  },
})
