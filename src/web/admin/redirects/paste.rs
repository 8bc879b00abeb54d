//! A list of addresses of former times, pasted at once.

use actix_web::HttpResponse;
use askama::Template;
use serde::Deserialize;

use super::super::super::error::Error;
use super::super::super::page::NavLink;
use super::super::super::texts::fixed::Fixed;
use super::super::form::{FormErrors, Posted};
use super::super::here::Here;
use super::super::page::{Desk, Layout};
use super::super::parts::of_pages;
use super::{PATH, address};

/// Lines of a list that is pasted.
const MOST_LINES: usize = 1000;
/// The largest list, in bytes: so many lines with long addresses, and each sign as three escapes.
pub(crate) const CAP: usize = 1024 * 1024;

#[derive(Template)]
#[template(path = "admin/redirects_paste.html")]
struct PastePage {
    layout: Layout,
    parts: Vec<NavLink>,
    form: FormErrors,
    action: String,
    back: String,
    lines: String,
    added: Option<String>,
}

/// What is pasted.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Pasted {
    #[serde(default)]
    lines: String,
}

/// `GET /admin/redirects/paste`.
pub(crate) async fn show(here: Here) -> Result<HttpResponse, Error> {
    form(&here, (String::new(), 0), FormErrors::default()).await
}

/// `POST /admin/redirects/paste`: what can be taken is, the rest stays in the form, each line with its reason.
pub(crate) async fn submit(here: Here, Posted(Pasted { lines }): Posted<Pasted>) -> Result<HttpResponse, Error> {
    let t = Desk::load(&here.site).await?.t.fixed;
    let wanted: Vec<&str> = lines.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let problem = match wanted.len() {
        0 => Some(t.no_lines.to_owned()),
        1..=MOST_LINES => None,
        _ => Some(t.too_many.replace("{}", &MOST_LINES.to_string())),
    };
    if let Some(problem) = problem {
        return form(&here, (lines.clone(), 0), FormErrors::of("lines", problem)).await;
    }
    let outcomes = outcomes(&here, t, &wanted).await?;
    let (mut left, mut errors) = (Vec::new(), FormErrors::default());
    for (line, outcome) in wanted.iter().zip(&outcomes) {
        if let Err(sentence) = outcome {
            left.push(*line);
            errors.add("lines", format!("{}{sentence}", t.line.replace("{}", &left.len().to_string())));
        }
    }
    if left.is_empty() {
        return Ok(here.see(PATH, "added"));
    }
    let added = wanted.len() - left.len();
    form(&here, (left.join("\n"), added), errors).await
}

/// What became of each line; a sentence: why it was not taken.
async fn outcomes(here: &Here, t: &'static Fixed, lines: &[&str]) -> Result<Vec<Result<(), &'static str>>, Error> {
    let (mut read, mut pairs) = (Vec::with_capacity(lines.len()), Vec::new());
    for line in lines {
        let words: Vec<&str> = line.split([' ', '\t', '\u{3000}', ',']).filter(|word| !word.is_empty()).collect();
        read.push(match words.as_slice() {
            [old, new] => match (address::old(&here.site, old), address::new(&here.site, new).await?) {
                (Ok(old), Ok(new)) => {
                    pairs.push((old, new));
                    Ok(())
                }
                (Err(wrong), _) | (_, Err(wrong)) => Err(wrong.sentence(t)),
            },
            _ => Err(t.two_words),
        });
    }
    let mut taken = here.content().add_redirects(here.actor(), &pairs).await?.into_iter();
    for outcome in read.iter_mut().filter(|outcome| outcome.is_ok()) {
        if let Some(Err(error)) = taken.next() {
            *outcome = Err(address::refusal(t, &error).ok_or(error)?);
        }
    }
    Ok(read)
}

async fn form(here: &Here, (lines, added): (String, usize), form: FormErrors) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let t = desk.t.fixed;
    let page = PastePage {
        layout: desk.layout(t.paste, "/pages", &here.signed_in, &here.request),
        parts: of_pages(&desk, PATH),
        action: desk.url("/redirects/paste"),
        back: desk.url(PATH),
        added: (added > 0).then(|| t.added.replace("{}", &added.to_string())),
        lines,
        form,
    };
    page.form.answer(&page)
}
