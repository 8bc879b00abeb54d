//! The log as CSV, a page at a time, so that a log of any length takes little memory.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Bytes, Data, Query};
use futures_util::stream;

use super::super::super::error::Error;
use super::super::super::{Site, headers};
use super::super::download::defused;
use super::super::happened::Line;
use super::super::names::Names;
use super::super::page::Desk;
use super::{Asked, Before, Both, Entry, both};

/// Events that are read at once.
const PAGE: u16 = 500;

/// With it Excel reads the file as UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// `GET /admin/log.csv`.
pub(in super::super) async fn download(site: Data<Site>, asked: Query<Asked>) -> Result<HttpResponse, Error> {
    if asked.is_wrong() {
        return Err(Error::Unprocessable);
    }
    let (head, filter) = {
        let t = Desk::load(&site).await?.t;
        let w = t.log;
        let head = csv_of([[w.at, w.who, w.what, w.article, w.detail, w.person].map(str::to_owned)])?;
        ([BYTE_ORDER_MARK.as_bytes(), head.as_slice()].concat(), asked.filter(t))
    };
    let rest = stream::unfold(Some((site, filter, Before::NEWEST)), async |state| {
        let (site, filter, before) = state?;
        match next(&site, &filter, before).await {
            Ok((lines, more)) => Some((Ok(lines), more.map(|before| (site, filter, before)))),
            // The file breaks off, which the browser says.
            Err(error) => {
                tracing::error!(%error, "the log could not be read to its end");
                Some((Err(std::io::Error::other("the log could not be read to its end")), None))
            }
        }
    });
    let body = futures_util::StreamExt::chain(stream::iter([Ok::<_, std::io::Error>(Bytes::from(head))]), rest);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"log.csv\""))
        .insert_header((CACHE_CONTROL, headers::NO_STORE))
        .streaming(Box::pin(body)))
}

async fn next(site: &Site, filter: &Both, before: Before) -> Result<(Bytes, Option<Before>), Error> {
    let (entries, more) = both::page(site, filter, before, PAGE).await?;
    let desk = Desk::load(site).await?;
    let names = Names::load(&desk).await?;
    let row = |entry: &Entry| {
        let Line { datetime, who, what, detail, person, .. } = entry.line(&desk, &names);
        let article = entry.article().map(|id| id.to_string()).unwrap_or_default();
        let person = person.map(|(name, _)| name).unwrap_or_default();
        [datetime, who, what, article, detail, person].map(|text| defused(&text))
    };
    Ok((Bytes::from(csv_of(entries.iter().map(row))?), more))
}

fn csv_of(rows: impl IntoIterator<Item = [String; 6]>) -> Result<Vec<u8>, Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|error| Error::internal(error.into_error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_line_breaks_stay_inside_their_cell() {
        let row = ["一,二", "\"三\"", "四\n五", "", "", "六"].map(str::to_owned);
        assert_eq!(String::from_utf8(csv_of([row]).unwrap()).unwrap(), "\"一,二\",\"\"\"三\"\"\",\"四\n五\",,,六\r\n");
    }
}
