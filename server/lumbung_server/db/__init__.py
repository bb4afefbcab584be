"""Hold tables, migrations, connections and all that differs between databases. Decides nothing."""
