//! Videos on Vimeo.

use super::{Resolver, Service, claim, encoded, host, no_date, oembed};
use crate::page::Role;

pub(super) const RESOLVER: Resolver = Resolver {
    name: "vimeo",
    date_of: no_date,
    service: Some(Service {
        endpoint: Some("https://vimeo.com"),
        question: |url| {
            let id = url.path_segments()?.find(|segment| !segment.is_empty())?;
            let video = host(url)? == "vimeo.com" && id.bytes().all(|b| b.is_ascii_digit());
            video.then(|| format!("/api/oembed.json?url={}", encoded(url.as_str())))
        },
        read: |_, answer| {
            let mut record = oembed::titled("Vimeo", answer)?;
            // `2013-10-15 14:08:29`, in the zone of New York.
            let day = answer["upload_date"].as_str().and_then(|stamp| stamp.get(..10));
            record.dates.extend(day.and_then(|day| claim(day, Role::Published, "vimeo upload_date")));
            Some(record)
        },
    }),
};
