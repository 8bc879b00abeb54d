//! What the pages' own script asks for and reports to.

pub(crate) mod beacon;
pub(crate) mod csp_report;
pub(crate) mod share_config;
