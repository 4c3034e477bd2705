//! Pictures of envelopes before their letters are checked: what is taken for one, and where it waits. One waits for each
//! account, in memory alone and for a quarter of an hour; with the check it goes to the store if the letter goes to the
//! shelf, and otherwise nowhere.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use casework::AccountId;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::store::{Picture, PictureFormat};

/// Bytes of a picture.
pub const PICTURE_BYTES: usize = 6 * 1024 * 1024;
/// Pixels of a picture's side, so that a small file cannot ask for much memory when it is read.
const SIDE_PIXELS: u32 = 10_000;
/// Pixels of a whole picture.
const PIXELS: u64 = 40_000_000;
/// Pictures that wait at the same time; the oldest makes room.
const WAITING: usize = 24;
/// How long one waits.
const WAITS_FOR: SignedDuration = SignedDuration::from_mins(15);
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Why something is not taken for a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPicture {
    /// There is none.
    #[error("there is no picture")]
    Missing,
    /// It is longer than [`PICTURE_BYTES`], or has more pixels than are read.
    #[error("the picture is too large")]
    TooLarge,
    /// It is neither JPEG nor PNG, or not whole.
    #[error("this is no picture that can be read")]
    Unknown,
}

/// Takes bytes for a picture by what they say themselves, never by a name.
pub fn read_picture(bytes: Vec<u8>) -> Result<Picture, NoPicture> {
    if bytes.is_empty() {
        return Err(NoPicture::Missing);
    }
    if bytes.len() > PICTURE_BYTES {
        return Err(NoPicture::TooLarge);
    }
    let (format, sides) = if bytes.starts_with(PNG) {
        (PictureFormat::Png, png_sides(&bytes))
    } else {
        (PictureFormat::Jpeg, jpeg_sides(&bytes))
    };
    let (width, height) = sides.ok_or(NoPicture::Unknown)?;
    if width.max(height) > SIDE_PIXELS || u64::from(width) * u64::from(height) > PIXELS {
        return Err(NoPicture::TooLarge);
    }
    Ok(Picture { format, bytes })
}

/// Width and height, as the first chunk of a PNG says.
fn png_sides(bytes: &[u8]) -> Option<(u32, u32)> {
    let side = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    (bytes.get(12..16)? == b"IHDR").then_some(())?;
    Some((side(16)?, side(20)?))
}

/// Width and height, as the frame of a JPEG says.
fn jpeg_sides(bytes: &[u8]) -> Option<(u32, u32)> {
    let word = |at: usize| Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    (word(0)? == 0xffd8).then_some(())?;
    let mut at = 2;
    loop {
        let marker = word(at)?;
        let frame = (0xffc0..=0xffcf).contains(&marker) && ![0xffc4, 0xffc8, 0xffcc].contains(&marker);
        if frame {
            return Some((u32::from(word(at + 7)?), u32::from(word(at + 5)?)));
        }
        // Whatever is no marker, and a length below its own two bytes, ends the search.
        if marker < 0xff01 || word(at + 2)? < 2 {
            return None;
        }
        at += 2 + usize::from(word(at + 2)?);
    }
}

/// The pictures that wait.
#[derive(Default)]
pub(super) struct Pictures(Mutex<HashMap<AccountId, Waiting>>);

struct Waiting {
    id: Uuid,
    since: Timestamp,
    picture: Arc<Picture>,
}

impl Pictures {
    /// Puts a picture in the place of the account's last.
    pub(super) fn put(&self, of: AccountId, id: Uuid, since: Timestamp, picture: Arc<Picture>) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, one| since.duration_since(one.since) < WAITS_FOR);
        if waiting.len() >= WAITING
            && let Some(oldest) = waiting.iter().min_by_key(|(_, one)| one.since).map(|(of, _)| *of)
        {
            waiting.remove(&oldest);
        }
        waiting.insert(of, Waiting { id, since, picture });
    }

    /// The account's picture of this name, while it waits.
    pub(super) fn get(&self, of: AccountId, id: Uuid, now: Timestamp) -> Option<Arc<Picture>> {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |one: &&Waiting| one.id == id && now.duration_since(one.since) < WAITS_FOR;
        waiting.get(&of).filter(fresh).map(|one| Arc::clone(&one.picture))
    }

    /// Its letter has been checked.
    pub(super) fn drop_of(&self, of: AccountId, id: Uuid) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.get(&of).is_some_and(|one| one.id == id) {
            waiting.remove(&of);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        [
            PNG,
            b"\0\0\0\x0dIHDR",
            &width.to_be_bytes(),
            &height.to_be_bytes(),
        ]
        .concat()
    }

    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let comment = b"\xff\xfe\0\x04hi";
        [
            b"\xff\xd8",
            &comment[..],
            b"\xff\xc0\0\x11\x08",
            &height.to_be_bytes(),
            &width.to_be_bytes(),
        ]
        .concat()
    }

    #[test]
    fn a_picture_is_known_by_what_it_says_itself_and_by_its_sides() {
        assert_eq!(
            read_picture(png(10_000, 4_000)).unwrap().format,
            PictureFormat::Png
        );
        assert_eq!(
            read_picture(jpeg(4_000, 3_000)).unwrap().format,
            PictureFormat::Jpeg
        );
        for (bytes, why) in [
            (Vec::new(), NoPicture::Missing),
            (png(10_001, 1), NoPicture::TooLarge),
            (png(10_000, 4_001), NoPicture::TooLarge),
            (jpeg(10_001, 1), NoPicture::TooLarge),
            (b"<svg/>".to_vec(), NoPicture::Unknown),
            (png(1, 1)[..20].to_vec(), NoPicture::Unknown),
            (b"\xff\xd8\xff\xfe\0\0".to_vec(), NoPicture::Unknown),
            (b"\xff\xd8\xff\xfe\xff\xff".to_vec(), NoPicture::Unknown),
        ] {
            assert_eq!(read_picture(bytes), Err(why));
        }
        let padded = |bytes: usize| [png(1, 1), vec![0; bytes - 24]].concat();
        assert!(read_picture(padded(PICTURE_BYTES)).is_ok());
        assert_eq!(read_picture(padded(PICTURE_BYTES + 1)), Err(NoPicture::TooLarge));
    }

    #[test]
    fn a_picture_waits_for_its_account_alone_and_a_quarter_of_an_hour() {
        let pictures = Pictures::default();
        let account = |n: u128| AccountId(Uuid::from_u128(n));
        let at = |seconds: i64| Timestamp::from_second(1_800_000_000 + seconds).unwrap();
        let picture = || Arc::new(read_picture(png(1, 1)).unwrap());
        let id = Uuid::from_u128(7);
        pictures.put(account(1), id, at(0), picture());
        assert!(pictures.get(account(1), id, at(899)).is_some());
        assert!(pictures.get(account(1), id, at(900)).is_none());
        assert!(pictures.get(account(2), id, at(1)).is_none());
        assert!(pictures.get(account(1), Uuid::nil(), at(1)).is_none());
        for n in 2..=25 {
            pictures.put(account(n), id, at(1), picture());
        }
        assert!(
            pictures.get(account(1), id, at(2)).is_none(),
            "the oldest makes room"
        );
        pictures.drop_of(account(2), id);
        assert!(
            pictures.get(account(2), id, at(2)).is_none() && pictures.get(account(25), id, at(2)).is_some()
        );
    }
}
