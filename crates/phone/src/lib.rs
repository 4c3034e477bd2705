//! INTERIM until the resolver is written.
use std::fmt;
/// A number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber([u8; 17]);
impl fmt::Debug for PhoneNumber { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str("PhoneNumber(..)") } }
impl PhoneNumber {
    /// Text.
    pub fn expose(&self) -> &str { let n = usize::from(self.0[16]); std::str::from_utf8(&self.0[..n]).unwrap_or("") }
    /// Reads.
    pub fn parse_canonical(text: &str) -> Result<Self, Refused> { let mut b = [0; 17]; if text.is_empty() || text.len() > 16 { return Err(Refused::Unresolvable) } b[..text.len()].copy_from_slice(text.as_bytes()); b[16] = text.len() as u8; Ok(Self(b)) }
    /// Masked.
    pub fn masked(&self) -> String { let t = self.expose(); format!("••• {}", &t[t.len().saturating_sub(3)..]) }
}
/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[error("cannot be resolved")]
pub enum Refused { #[allow(missing_docs)] Empty, NotAscii, Unresolvable, ServiceCode, OnwardDialler, TooShort, TooLong, LocalClosed }
/// Class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class { Mobile, Geographic, Freephone, Personal, Corporate, NonGeographic, Premium, Short, Emergency, International }
/// Area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AreaCode([u8; 6]);
impl std::str::FromStr for AreaCode { type Err = Refused; fn from_str(_: &str) -> Result<Self, Refused> { Ok(Self([0; 6])) } }
/// Flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Service { /// w
    pub withhold: bool, /// r
    pub relay: bool }
/// Resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved { /// n
    pub number: PhoneNumber, /// c
    pub class: Class, /// s
    pub service: Service }
/// Resolves.
pub fn resolve(dialled: &str, _area: Option<AreaCode>) -> Result<Resolved, Refused> {
    let d: String = dialled.chars().filter(char::is_ascii_digit).collect();
    let n = if d.starts_with("07") && d.len() == 11 { format!("+44{}", &d[1..]) } else if d.starts_with("44") { format!("+{d}") } else { return Err(Refused::Unresolvable) };
    Ok(Resolved { number: PhoneNumber::parse_canonical(&n)?, class: Class::Mobile, service: Service::default() })
}
/// Resolves.
pub fn resolve_request_uri(_uri: &[u8], _area: Option<AreaCode>) -> Result<Resolved, Refused> { Err(Refused::Unresolvable) }
/// Serde.
pub mod exposed {
    use super::PhoneNumber;
    /// s
    pub fn serialize<S: serde::Serializer>(n: &PhoneNumber, s: S) -> Result<S::Ok, S::Error> { s.serialize_str(n.expose()) }
    /// d
    pub fn deserialize<'de, D: serde::Deserializer<'de>>(d: D) -> Result<PhoneNumber, D::Error> { let t = <String as serde::Deserialize>::deserialize(d)?; PhoneNumber::parse_canonical(&t).map_err(serde::de::Error::custom) }
}
