//! What goes wrong with the feed without an attacker, each tried on a whole gate that follows a hub.
//!
//! | Mishap | File |
//! |---|---|
//! | a newer hub says what this gate does not know | [`unknown_entry_kind`] |
//! | a limit is reached | `attacks::oversized`; at the hub, `hub/tests/api/room.rs` |
//! | a key is made anew, the gate's or the hub's | [`key_renewal`] |
//! | the gate's disk is full | `full` |
//! | the hub's store is put back from an older copy; two hubs run on copies of one store | `upcs/tests/feed` |

mod key_renewal;
mod unknown_entry_kind;
