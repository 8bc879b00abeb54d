//! Documents from other systems.
