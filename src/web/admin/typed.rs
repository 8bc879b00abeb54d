//! Text as it comes from a browser. A character that no database keeps, NUL, is read as browsers read it in a page: as
//! the sign for what cannot be shown. Nothing that is stored has it, so a search for it finds nothing.

use actix_web::dev::ServiceRequest;
use actix_web::http::Uri;
use actix_web::web::Bytes;

use crate::content::Slug;
use crate::content::slug::NotASlug;

const NUL: &str = "%00";
/// The sign, as forms and addresses carry it.
const SIGN: &str = "%EF%BF%BD";

/// Replaces it in what an address asks.
pub(super) fn tidy_address(request: &mut ServiceRequest) {
    let Some(query) = request.uri().query().filter(|query| query.contains(NUL)) else { return };
    let asked = format!("{}?{}", request.uri().path(), query.replace(NUL, SIGN));
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = asked.parse().ok();
    if let Ok(tidied) = Uri::from_parts(parts) {
        request.head_mut().uri = tidied;
    }
}

/// Replaces it in a form that is sent as an address would carry it.
pub(super) fn tidy_form(body: Bytes) -> Bytes {
    let has_nul = body.contains(&0) || body.windows(NUL.len()).any(|window| window == NUL.as_bytes());
    if !has_nul {
        return body;
    }
    // Whatever is not text will be refused as it would have been.
    match std::str::from_utf8(&body) {
        Ok(text) => Bytes::from(text.replace('\0', SIGN).replace(NUL, SIGN)),
        Err(_not_text) => body,
    }
}

/// Replaces it in one field.
pub(super) fn tidy_field(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// The address in a field. Keyboards of phones begin with a capital; addresses have none.
pub(super) fn slug(text: &str) -> Result<Slug, NotASlug> {
    text.trim().to_ascii_lowercase().parse()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_that_is_none_becomes_a_sign() {
        for (sent, read) in [
            ("q=%00", "q=%EF%BF%BD"),
            ("a=1%00%002&b=\0", "a=1%EF%BF%BD%EF%BF%BD2&b=%EF%BF%BD"),
            ("q=%2500", "q=%2500"),
            ("q=新", "q=新"),
        ] {
            assert_eq!(tidy_form(Bytes::from(sent)), read, "{sent:?}");
        }
    }
}
