//! The words before a date that say what it is the date of.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, Match};

use super::outline::Mention;
use crate::fold::fold;

/// What people write before the date of publication, folded: as it begins, or whole before `_`.
const PUBLISHED: &str = "\
    publi, pubbl, post, datum, date, data, fecha, veroffentlicht, erschienen, erstellt, eingestellt, \
    online seit_, verfasst, geschrieben, gepost, geplaatst, gepubliceerd, released, issued, written, \
    created, dated, submitted, added, uploaded, filed, inserito, scritto, creato, escrito, criado, \
    subido, ecrit, mis en ligne, paru, poste le, cree le, opublik, dodan, utworz, napisa, publik, vydan, \
    vlozen, yayin, tarih, eklen, diterbit, dipublikasi, diposting, julkais, udgiv, objav, kozzetet, \
    megjelen, postat, lisatud, опубл, дата, размещен, добавлен, створен, розміщен, објављ, публ, نشر, \
    تاريخ, تاریخ, انتشار, פורסם, תאריך, 发布, 發佈, 發布, 发表, 刊登, 时间, 日期, 公開, 投稿, 掲載, 配信, 作成, 게시, 입력, 등록, 작성, \
    δημοσι, ημερομηνια, ngay dang, dang ngay, เผยแพร, วนท, प्रकाशित";

/// Of those, what any date is called.
const NOUNS: &[&str] = &["date", "datum", "data", "fecha", "tarih", "дата"];

/// What comes out on a day, in German.
const ISSUED: &[&str] = &["mitteilung", "meldung", "artikel", "beitrag", "nachricht", "ausgabe", "bericht"];

/// What people write before the date of a change; folded.
const MODIFIED: &str = "\
    updat, modif, edited, changed, revised, reviewed, aktualis, geandert, anderung, uberarbeitet, mise a \
    jour, mis a jour, maj , maj:, actualis, actualiz, aggiorn, atualiz, bijgewerkt, gewijzigd, \
    aangepast, opdater, oppdater, uppdater, andrad, paivitet, muokattu, aktualiz, zaktualiz, zmodyf, \
    zmenen, upraven, guncelle, diperbarui, diubah, azurir, izmen, posodob, frissit, modosit, обновл, \
    измен, оновл, змін, ажур, تحديث, به روز, به‌روز, بروزرسان, עודכן, 更新, 修改, 最終, 編集, 수정, 업데이트, ενημερ, \
    cap nhat, अपडेट, last change, letzte, derniere, ultima, stand vom";

/// What people write before the date of something else; folded.
const OTHER: &str = "\
    copyright, ©, (c), all rights, abgerufen, abruf, aufgerufen, zugriff, accessed, retrieved, consulte \
    le, consultato, consultado, geboren, born, gestorben, died, since, seit_, depuis, member, mitglied, \
    joined, registr, bis_, until, deadline, expire, gultig, valid, termin, when, wann, vom_, from_, dal_, \
    du_, event, veranstaltung, beginn, start, einsendeschluss, anmelde, heute, today, received, accepted, \
    eingegangen, angenommen, recu le, accepte le";

/// Of those, what may stand behind the date as well: in scripts other than Latin.
static BEHIND: LazyLock<Vec<String>> =
    LazyLock::new(|| words(MODIFIED).filter(|word| !word.is_ascii()).collect());

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Published,
    Modified,
    Other,
}

/// What the words before a date call it: the nearest word counts.
pub(super) fn of(mention: &Mention) -> Option<Label> {
    const NEAR: usize = 32;
    let before = fold(&mention.before);
    let before = &before[before.ceil_char_boundary(before.len().saturating_sub(NEAR))..];
    let after = fold(mention.after.get(..mention.after.floor_char_boundary(24)).unwrap_or_default());
    // “… published last year. On 12 May …”
    let own = |label: &Label| {
        *label != Label::Published || nearest(&fold(last_sentence(&mention.before))) == Some(Label::Published)
    };
    nearest(before)
        .filter(own)
        .or_else(|| {
            // `2025-02-12 更新`, `12.02.2025 (aktualisiert)`
            let trailing = after.trim_start_matches(|c: char| !c.is_alphabetic());
            BEHIND.iter().any(|word| trailing.starts_with(word.as_str())).then_some(Label::Modified)
        })
        .or_else(|| {
            let alone = mention.before.trim().is_empty() && mention.length <= 60;
            nearest(&fold(&mention.label)).filter(|_| alone)
        })
}

/// What stands in the sentence of the date.
fn last_sentence(text: &str) -> &str {
    const WORD: usize = 5;
    let ends = |at: usize| {
        let word = text[..at].rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        let next = text[at + 2..].chars().next();
        word.chars().count() >= WORD && next.is_some_and(char::is_uppercase)
    };
    text.rmatch_indices(". ").find(|(at, _)| ends(*at)).map_or(text, |(at, _)| &text[at + 2..])
}

fn words(list: &str) -> impl Iterator<Item = String> {
    list.split(", ").map(|word| fold(word).replace('_', " "))
}

/// The last of the words of a text that say what a date is.
fn nearest(text: &str) -> Option<Label> {
    static WORDS: LazyLock<(AhoCorasick, Vec<Label>)> = LazyLock::new(|| {
        let lists = [(PUBLISHED, Label::Published), (MODIFIED, Label::Modified), (OTHER, Label::Other)];
        let all = lists.iter().flat_map(|(list, label)| words(list).map(|word| (word, *label)));
        let (words, labels): (Vec<String>, Vec<Label>) = all.unzip();
        (AhoCorasick::new(words).expect("the words are few"), labels)
    });
    let (finder, labels) = &*WORDS;
    // A word that is part of another begins with it; scripts without spaces have no beginnings.
    let begins = |at: usize| {
        !text[at..].starts_with(|c: char| c.is_ascii_alphabetic())
            || !text[..at].ends_with(char::is_alphanumeric)
    };
    let found = || finder.find_overlapping_iter(text).filter(|found| begins(found.start()));
    let last = found().max_by_key(|found| (found.start(), labels[found.pattern()] == Label::Modified))?;
    // `Güncelleme Tarihi`, `Modification date`: what is called a date is the date of what stands before.
    const NEAR: usize = 16;
    let of_change = |found: &Match| {
        let between = text.get(found.end()..last.start()).unwrap_or("-");
        labels[found.pattern()] == Label::Modified
            && between.len() <= NEAR
            && between.chars().all(|c| c.is_alphabetic() || c == ' ')
    };
    // `Pressemitteilung Nr. 12/2025 vom`, but `Messe vom`: what comes out is of the day, what takes place from it.
    let before = text[..last.start()].trim_end();
    if text[last.start()..].starts_with("vom ")
        && (before.ends_with(|c: char| c.is_ascii_digit())
            || ISSUED.iter().any(|noun| before.ends_with(noun)))
    {
        return Some(Label::Published);
    }
    let is_noun = NOUNS.iter().any(|noun| text[last.start()..].starts_with(noun));
    Some(if is_noun && found().any(|found| of_change(&found)) {
        Label::Modified
    } else {
        labels[last.pattern()]
    })
}
