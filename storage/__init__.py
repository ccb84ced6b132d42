"""Where it is kept: tables, migrations, the journal, the ledger and the outbox."""
