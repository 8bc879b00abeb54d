.PHONY: demo test check screenshots

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

# The pictures of the README, taken from the running demo.
screenshots:
	tests/browser/screenshots
