//! The form of the state file: a heading, then sealed records, one behind the other.
//!
//! The heading is eight bytes of magic and sixteen random bytes that name this one file. A record is its
//! length (four bytes, little-endian) and its sealed bytes, bound to the file's name and the record's place:
//! a record moved within the file, or carried over from an older one, does not open. Record 0 holds a whole
//! list, each later one a change.

use zeroize::Zeroizing;

use crate::state_key::StateKey;

const MAGIC: &[u8; 8] = b"UPCSGAT1";
const NAME_BYTES: usize = 16;
const LENGTH_BYTES: usize = 4;
const CONTEXT: &[u8] = b"upcs gate list v1";

/// Where the next record goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) file: [u8; NAME_BYTES],
    pub(super) index: u64,
}

/// What a file holds up to its end or its first unreadable record.
pub(super) struct Records {
    pub(super) next: Place,
    pub(super) records: Vec<Zeroizing<Vec<u8>>>,
    /// Nothing lies behind the last record.
    pub(super) ends_clean: bool,
}

/// The heading of a new file.
pub(super) fn heading(file: [u8; NAME_BYTES]) -> Vec<u8> {
    [MAGIC.as_slice(), &file].concat()
}

/// Adds one record; the place moves on.
pub(super) fn add(to: &mut Vec<u8>, place: &mut Place, key: &StateKey, plain: &[u8]) -> std::io::Result<()> {
    let sealed = key.seal(&bound_to(place), plain);
    let length = u32::try_from(sealed.len())
        .map_err(|_| std::io::Error::new(std::io::ErrorKind::FileTooLarge, "a record of four gigabytes"))?;
    to.extend_from_slice(&length.to_le_bytes());
    to.extend_from_slice(&sealed);
    place.index += 1;
    Ok(())
}

/// Reads what can be read from the front; `None` if not even the heading can.
pub(super) fn read(bytes: &[u8], key: &StateKey) -> Option<Records> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (file, mut rest) = rest.split_first_chunk::<NAME_BYTES>()?;
    let mut next = Place {
        file: *file,
        index: 0,
    };
    let mut records = Vec::new();
    while let Some((sealed, behind)) = split_record(rest) {
        let Some(plain) = key.open(&bound_to(&next), sealed) else {
            break;
        };
        records.push(plain);
        next.index += 1;
        rest = behind;
    }
    Some(Records {
        next,
        records,
        ends_clean: rest.is_empty(),
    })
}

fn split_record(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<LENGTH_BYTES>()?;
    rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)
}

fn bound_to(place: &Place) -> Vec<u8> {
    [CONTEXT, &place.file, &place.index.to_le_bytes()].concat()
}
