//! The figures as tables to take along: all rows, not only those of a page.

use super::super::download::{Cell, Table};
use super::super::page::Desk;
use super::question::{Question, Sort};
use super::{Found, find, named};
use crate::content::{ArticleId, ArticleKey};
use crate::staff::Member;
use crate::stats::Tally;
use crate::web::error::Error;

/// What an article is called.
pub(super) fn headline(desk: &Desk<'_>, found: &Found, id: ArticleId) -> String {
    match found.names.get(&id) {
        Some(name) => name.headline.clone(),
        None => desk.t.figures.unnamed.replace("{}", &id.0.to_string()),
    }
}

/// By article and by day.
pub(super) async fn both((desk, member): (&Desk<'_>, &Member), question: &Question) -> Result<(Table, Table), Error> {
    let found = find(desk, question).await?;
    let names = named(desk.site, member, found.articles.iter().map(|(id, _)| *id)).await?;
    let found = Found { names, ..found };
    let t = desk.t.figures;
    let mut days = Table { name: t.by_day, head: vec![t.day], rows: Vec::new() };
    days.head.extend(Sort::ALL.map(|sort| sort.label(desk)));
    days.rows = found
        .days
        .iter()
        .map(|(day, tally)| std::iter::once(Cell::Text(day.to_string())).chain(numbers(*tally)).collect())
        .collect();
    let mut articles =
        Table { name: t.by_article, head: vec![t.number, t.article, t.address, t.published], rows: Vec::new() };
    articles.head.extend(Sort::ALL.map(|sort| sort.label(desk)));
    articles.rows = found
        .articles
        .iter()
        .map(|(id, tally)| words(desk, &found, *id).into_iter().chain(numbers(*tally)).collect())
        .collect();
    Ok((articles, days))
}

fn words(desk: &Desk<'_>, found: &Found, id: ArticleId) -> [Cell; 4] {
    let name = found.names.get(&id);
    let address = |key: &ArticleKey| desk.site.state.config.site.base_url.absolute(&format!("/articles/{key}"));
    [
        Cell::Number(id.0),
        Cell::Text(headline(desk, found, id)),
        Cell::Text(name.map(|name| address(&name.key)).unwrap_or_default()),
        Cell::Text(name.and_then(|name| name.published).map(|at| desk.local(at).replace('T', " ")).unwrap_or_default()),
    ]
}

fn numbers(tally: Tally) -> impl Iterator<Item = Cell> {
    Sort::ALL.into_iter().map(move |sort| Cell::Number(sort.key(tally)))
}
