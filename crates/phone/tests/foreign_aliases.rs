//! One telephone has one number, whichever country it is dialled through.

use phone::{Class, Refused, resolve};

#[test]
fn northern_ireland_through_ireland_and_san_marino_through_italy_are_refused() {
    let class = |dialled| resolve(dialled, None).map(|resolved| resolved.class);
    for dialled in [
        "+353 48 9018 0123",
        "00353 48 9018 0123",
        "141 +353 48 9018 0123",
        "+39 0549 882345",
    ] {
        assert_eq!(class(dialled), Err(Refused::Unresolvable), "{dialled}");
    }
    assert_eq!(class("028 9018 0123"), Ok(Class::Geographic));
    for dialled in ["+353 1 234 5678", "+39 06 1234 5678", "+378 0549 882345"] {
        assert_eq!(class(dialled), Ok(Class::International), "{dialled}");
    }
}
