-- The keys of sealed components, wrapped for this node. An erased key leaves its row, so that a
-- write which comes again does not bring it back.
create table ledger.content_keys (
  tx_id bytea not null,
  key_id text collate "C" not null,
  wrapped bytea,
  primary key (tx_id, key_id)
);
alter table ledger.content_keys alter column wrapped set storage external;
