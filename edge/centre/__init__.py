"""The monitoring centre: takes in what boxes send, stores it, and says so; only `wiring` knows adapters."""
