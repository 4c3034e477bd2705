//! Pictures of envelopes: kept, sealed, only while the letter stands on the shelf.

use std::fmt;

use casework::{Actor, Verb};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroize;

use super::Store;
use super::error::StoreError;
use super::sql::values;
use super::tx::Tx;

const PICTURE: (&str, &str) = ("letter_pictures", "picture");

/// How a picture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PictureFormat {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

impl PictureFormat {
    /// As a browser calls it.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// A picture of an envelope; its Debug shows nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// How it is written.
    pub format: PictureFormat,
    /// The picture.
    #[serde(with = "in_base64")]
    pub bytes: Vec<u8>,
}

/// Bytes as text: a sealed field is JSON, in which a list of numbers would take four times the room.
mod in_base64 {
    use data_encoding::BASE64;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&BASE64.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        BASE64
            .decode(text.as_bytes())
            .map_err(|_| D::Error::custom("not base64"))
    }
}

impl Store {
    /// The picture of an envelope on the shelf, as case handlers see it.
    pub async fn letter_picture(&self, by: &Actor, letter: Uuid) -> Result<Picture, StoreError> {
        let tx = self.begin(by, Verb::ReadCases, "read-letters").await?;
        let id = letter.to_string();
        let query = "SELECT letter AS id, picture FROM letter_pictures WHERE letter = $1";
        let row = tx.one("letter_pictures", query, values![id.as_str()]).await?;
        let row = row.ok_or(StoreError::NotFound)?;
        let picture = self.open_sealed(PICTURE, &id, &row)?;
        tx.audit(("letter", &id), None, "looked at its picture").await?;
        tx.commit().await?;
        Ok(picture)
    }
}

impl Tx<'_> {
    pub(super) async fn keep_picture(&self, letter: &str, picture: &Picture) -> Result<(), StoreError> {
        let sealed = self.store.seal(PICTURE, letter, picture)?;
        let insert = "INSERT INTO letter_pictures (letter, picture) VALUES ($1, $2)";
        self.run(insert, values![letter, sealed]).await.map(drop)
    }

    /// The letter leaves the shelf, and its picture goes.
    pub(super) async fn drop_picture(&self, letter: &str) -> Result<(), StoreError> {
        let delete = "DELETE FROM letter_pictures WHERE letter = $1";
        self.run(delete, values![letter]).await.map(drop)
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Picture(..)")
    }
}
