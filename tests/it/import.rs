//! `wxpress import`: real shapes of folders, and everything that can be wrong with one.
