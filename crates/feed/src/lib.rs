//! All that the hub tells a gate
