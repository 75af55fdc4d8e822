"""All tests but pgTAP's, which are in sql_tests/ and run from here too (tests/db/test_sql.py)."""
