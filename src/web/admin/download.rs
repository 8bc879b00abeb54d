//! Tables that people take with them, as CSV and as xlsx. What somebody wrote into a headline never becomes a formula
//! in the program of whoever opens the file.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};

use super::super::error::Error;
use super::super::headers;
use crate::clock::Millis;

/// One field of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Anything that is read, not reckoned with.
    Text(String),
    Number(i64),
}

/// One table.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// The name of its sheet, at most 31 characters.
    pub(crate) name: &'static str,
    pub(crate) head: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// The table as CSV: UTF-8 with the mark by which Excel recognises it, and lines as Excel ends them.
pub(crate) fn csv(table: &Table) -> Result<Vec<u8>, Error> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(&table.head).map_err(Error::internal)?;
    for row in &table.rows {
        let fields = row.iter().map(|cell| match cell {
            Cell::Text(text) => defused(text),
            Cell::Number(number) => number.to_string(),
        });
        writer.write_record(fields).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|error| Error::internal(anyhow::anyhow!("{error}")))
}

/// A text that no spreadsheet takes for a formula. The wide signs are those of Chinese and Japanese input methods,
/// which some of them read as the narrow ones.
pub(crate) fn defused(text: &str) -> String {
    let begins = |text: &str| text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if text.starts_with(['\t', '\r', '\n']) || begins(text.trim_start()) { format!("'{text}") } else { text.to_owned() }
}

/// The tables as the sheets of an Excel file. Takes a moment; not for a worker.
pub(crate) fn xlsx(tables: &[Table], now: Millis) -> Result<Vec<u8>, Error> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_timestamp(now.as_secs()).map_err(Error::internal)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let bold = Format::new().set_bold();
    for table in tables {
        let sheet = workbook.add_worksheet().set_name(table.name).map_err(Error::internal)?;
        for (column, name) in (0_u16..).zip(&table.head) {
            sheet.write_string_with_format(0, column, *name, &bold).map_err(Error::internal)?;
        }
        for (row, cells) in (1_u32..).zip(&table.rows) {
            for (column, cell) in (0_u16..).zip(cells) {
                // A string is written as one, whatever it begins with.
                match cell {
                    Cell::Text(text) => sheet.write_string(row, column, text),
                    Cell::Number(number) => sheet.write(row, column, *number),
                }
                .map_err(Error::internal)?;
            }
        }
        sheet.set_freeze_panes(1, 0).map_err(Error::internal)?;
    }
    workbook.save_to_buffer().map_err(Error::internal)
}

/// A file that is saved, never shown. `name` is one of ours.
pub(crate) fn answer(bytes: Vec<u8>, content_type: &'static str, name: &str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, content_type))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((CACHE_CONTROL, headers::NO_STORE))
        .body(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "＠a"] {
            assert_eq!(defused(text), format!("'{text}"));
        }
        assert_eq!(defused("春天 = 好"), "春天 = 好");
    }

    #[test]
    fn a_field_keeps_its_commas_and_quotes() {
        let rows = vec![vec![Cell::Text("他说“好”,\"真的\"".to_owned()), Cell::Number(-3)]];
        let bytes = csv(&Table { name: "a", head: vec!["标题", "阅读"], rows }).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), "\u{feff}标题,阅读\r\n\"他说“好”,\"\"真的\"\"\",-3\r\n");
    }
}
