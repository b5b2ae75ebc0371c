"""A Firestore for one machine: the real protocols, to the unmodified Google clients.

gRPC for servers, REST and WebChannel for browsers, one store behind both. What the
service in the cloud does otherwise, so that nobody relies on it here:

- transactions are optimistic: what was read is checked again at commit (ABORTED),
  where the cloud's server clients take locks; those tried again queue, see `turns`;
- `read_time` is accepted and ignored, and a read-only transaction sees the newest
  state: old versions are kept for resume tokens alone;
- no composite index is required: queries that would need one are recorded, see
  `indexes`;
- there are no security rules, no pipelines, and every database is created by its first
  write.
"""
