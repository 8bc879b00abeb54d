.PHONY: demo test check bench screenshots

# A news site with sample articles and a simulated WeChat; leaves nothing behind.
demo:
	cargo run --release -- demo

# Everything: unit, request, database (SQLite and PostgreSQL) and browser tests. Installs what it needs.
test:
	tests/run

# What a reviewer would look for first.
check:
	cargo fmt --check
	cargo clippy --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items --locked

# How fast it is beside nginx and Django, and with a million articles; benches/README.md says how to read the tables.
bench:
	benches/bench

# The pictures of the README, taken from the running demo.
screenshots:
	tests/browser/screenshots
