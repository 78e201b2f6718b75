"""The database itself: connections, transactions, locks, migrations, snapshots."""
