//! How a picture is cut: the form of its page, which works by numbers and by nine positions; the script adds the mouse.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::super::super::Site;
use super::super::super::error::Error;
use super::super::super::texts::library::Library;
use super::super::auth::SignedIn;
use super::super::form::{FormErrors, Posted};
use super::super::page::{self, Desk};
use super::Wanted;
use super::item::{self, Typed};
use crate::content::media::{Fraction, SHARE_LEAST};
use crate::content::{self, Focus, Framing, Square};

/// The middle and the edges of a picture.
const PLACES: [Fraction; 3] = [Fraction::NONE, Fraction::HALF, Fraction::WHOLE];

/// What is typed, in percent.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct FramingForm {
    /// One of nine positions (`50-0`: the middle of the upper edge), or `exact`: the numbers count.
    #[serde(default)]
    pub(super) focus: String,
    #[serde(default)]
    pub(super) focus_x: String,
    #[serde(default)]
    pub(super) focus_y: String,
    /// `own`: the square has its own place.
    #[serde(default)]
    pub(super) square: String,
    #[serde(default)]
    pub(super) square_left: String,
    #[serde(default)]
    pub(super) square_top: String,
    #[serde(default)]
    pub(super) square_side: String,
}

/// One of the nine positions.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) value: String,
    pub(super) label: &'static str,
    pub(super) checked: bool,
}

impl FramingForm {
    /// As it is stored.
    pub(super) fn of(framing: Framing) -> Self {
        let Focus { x, y } = framing.focus;
        let at_a_place = PLACES.contains(&x) && PLACES.contains(&y);
        let square = framing.square;
        let part = |part: Option<Fraction>, default: Fraction| part.unwrap_or(default).to_string();
        Self {
            focus: if at_a_place { format!("{x}-{y}") } else { "exact".to_owned() },
            focus_x: x.to_string(),
            focus_y: y.to_string(),
            square: if square.is_some() { "own" } else { "focus" }.to_owned(),
            square_left: part(square.map(|square| square.left), Fraction::NONE),
            square_top: part(square.map(|square| square.top), Fraction::NONE),
            square_side: part(square.map(|square| square.side), Fraction::WHOLE),
        }
    }

    /// The nine positions, row by row.
    pub(super) fn places(&self, text: &'static Library) -> Vec<Place> {
        let all = PLACES.into_iter().flat_map(|y| PLACES.into_iter().map(move |x| (x, y)));
        let place = |((x, y), label): ((Fraction, Fraction), &'static str)| {
            let value = format!("{x}-{y}");
            Place { checked: self.focus == value, value, label }
        };
        all.zip(text.places).map(place).collect()
    }

    /// What it means, or what is wrong with it.
    fn read(&self, text: &'static Library) -> Result<Framing, FormErrors> {
        let mut errors = FormErrors::default();
        let mut read = |field, typed: &str| {
            typed.parse().unwrap_or_else(|_not_a_percentage| {
                errors.add(field, text.not_a_percentage.replace("{}", text.framing_label(field)));
                Fraction::HALF
            })
        };
        let focus = match self.focus.split_once('-') {
            Some((x, y)) => Focus { x: read("focus_x", x), y: read("focus_y", y) },
            None => Focus { x: read("focus_x", &self.focus_x), y: read("focus_y", &self.focus_y) },
        };
        let square = (self.square == "own").then(|| Square {
            left: read("square_left", &self.square_left),
            top: read("square_top", &self.square_top),
            side: read("square_side", &self.square_side),
        });
        if square.is_some_and(|square| square.side == Fraction::NONE) {
            errors.add("square_side", text.square_too_small.replace("{}", &SHARE_LEAST.to_string()));
        }
        if errors.is_empty() { Ok(Framing { focus, square }) } else { Err(errors) }
    }
}

/// `POST /admin/media/{id}/framing`.
pub(crate) async fn submit(
    site: Data<Site>,
    signed_in: SignedIn,
    id: Path<String>,
    request: HttpRequest,
    Posted(typed): Posted<FramingForm>,
) -> Result<HttpResponse, Error> {
    let id = id.parse().map_err(|_not_an_id| Error::NotFound)?;
    let text = Desk::load(&site).await?.t.library;
    let errors = match typed.read(text) {
        Ok(framing) => match site.state.content.frame_media(item::hand(&signed_in), &id, framing).await {
            Ok(()) => return Ok(page::see(&site, &Wanted::of(&request).path_of(&id), "saved")),
            Err(content::Error::Unsuitable(_)) => {
                FormErrors::of("square_side", text.square_too_small.replace("{}", &SHARE_LEAST.to_string()))
            }
            Err(content::Error::Superseded) => FormErrors::of("framing", text.superseded),
            Err(error) => return Err(error.into()),
        },
        Err(errors) => errors,
    };
    item::refused(&site, (&signed_in, &request), &id, (errors, Typed { framing: Some(typed), words: None })).await
}
