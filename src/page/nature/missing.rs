//! Pages that say that there is no such page.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::{Signs, Table, folded};
use crate::fold::fold;

/// What the page says, in its own words.
pub(super) fn find(signs: &Signs) -> Option<String> {
    if signs.dated && !signs.is_thin() {
        return None;
    }
    let [title, heading] = &signs.parts;
    // Other words for it are believed of a page that has no text of its own.
    let bare = !signs.dated && signs.is_bare();
    let in_title = title.iter().any(|part| says(part) || bare && tells(part));
    let in_heading = heading.iter().any(|part| says(part) || bare && tells(part));
    let found = match (in_title, in_heading) {
        // What says so twice, and is no dated article, says it of itself.
        (true, true) => !signs.dated || signs.is_thin(),
        // A long page under a headline of its own is an article with an unlucky title.
        (true, false) => !signs.dated && (signs.is_bare() || heading.iter().all(|part| is_name(part, title))),
        // A long page with a title of its own has a heading somewhere that is not for this reader.
        (false, true) => !signs.dated && (signs.is_bare() || title.iter().all(|part| is_name(part, &[]))),
        // “404”, or “Oops!”, and why in the text.
        (false, false) => {
            let number = |parts: &[String]| parts.iter().any(|part| part == "404");
            let numbered = || number(title) || number(heading);
            !signs.dated
                && (signs.is_scant() && (numbered() || explains(&signs.text))
                    || signs.is_bare() && number(title) && number(heading))
        }
    };
    let own_words = || match (in_title, in_heading) {
        (_, true) => signs.heading.clone(),
        (true, _) => signs.title.clone(),
        _ => signs.text.chars().take(80).collect(),
    };
    found.then(own_words)
}

/// The name of a site: a part of the title, or of a few words.
fn is_name(part: &str, title: &[String]) -> bool {
    const FEW: usize = 2;
    title.iter().any(|other| other == part) || part.split_whitespace().count() <= FEW
}

/// Is this part of a title nothing but the message? A headline that merely quotes it says more.
fn says(part: &str) -> bool {
    // Hardly any title has any of these words.
    static ANY: LazyLock<AhoCorasick> =
        LazyLock::new(|| AhoCorasick::new(PHRASES.iter().chain(SHORT.iter())).expect("the words are few"));
    if !ANY.is_match(part) {
        return false;
    }
    let length = part.chars().count();
    let whole = |phrase: &String| {
        let Some(at) = part.find(phrase.as_str()) else { return false };
        let bare = phrase.chars().count();
        // Words that begin or end inside of others are not these words.
        let before = part[..at].chars().next_back().is_none_or(|c| !joins(c));
        let after = part[at + phrase.len()..].chars().next().is_none_or(|c| !joins(c));
        before
            && after
            && (bare * 2 >= length || only_fillers(&part[..at]) && only_fillers(&part[at + phrase.len()..]))
    };
    let short = |phrase: &String| {
        part.find(phrase.as_str())
            .is_some_and(|at| only_fillers(&part[..at]) && only_fillers(&part[at + phrase.len()..]))
    };
    PHRASES.iter().any(whole) || SHORT.iter().any(short)
}

/// Does a short line say of a page, in any words, that it is not there?
fn tells(part: &str) -> bool {
    const MOST: usize = 11;
    let begins = |word: &String| {
        part.match_indices(word.as_str())
            .any(|(at, _)| part[..at].chars().next_back().is_none_or(|c| !joins(c)))
    };
    part.split_whitespace().count() <= MOST
        && ABSENT.iter().any(|(pages, absent)| pages.iter().any(begins) && absent.iter().any(begins))
}

/// Of each language, how the words for a page begin, and those by which it is not there; folded.
static ABSENT: LazyLock<Vec<(Vec<String>, Vec<String>)>> = LazyLock::new(|| {
    let folded = |words: &str| words.split(", ").map(fold).collect();
    WORDS.iter().map(|(pages, absent)| (folded(pages), folded(absent))).collect()
});

const WORDS: &[(&str, &str)] = &[
    (
        "page, article, content, link, url, story, post",
        "seem to find, seem to exist, not found, not be found, can't find, can’t find, cannot find, couldn't find, couldn’t find, could not find, \
         doesn't exist, doesn’t exist, does not exist, not exist, no longer exist, no longer here, no longer available, \
         isn't here, isn’t here, not here, is gone, has gone, gone missing, went missing, is missing, has moved or, \
         unable to find, isn't available, isn’t available, has been deleted, was deleted, has been removed",
    ),
    (
        "pagina, contenuto, articolo",
        "non trovat, non esist, non e stat, non e disponib, non disponib, non e piu, non piu, inesistente, \
         non abbiamo trovato, non riusciamo a trovare, non e raggiungibile, e stata rimossa, e stato rimosso",
    ),
    (
        "page, contenu, article",
        "introuvable, n'existe, n’existe, non trouv, pas trouv, n'est pas disponible, n’est pas disponible, \
         n'est plus, n’est plus, pas ete trouv, inexistant, impossible de trouver, a ete supprim",
    ),
    (
        "seite, inhalt, artikel, beitrag",
        "nicht gefunden, nicht finden, gibt es nicht, gibt es leider nicht, gibt's nicht, existiert nicht, \
         existiert leider nicht, nicht mehr, nicht vorhanden, nicht verfugbar, nicht erreichbar, nicht auffindbar, \
         wurde geloscht, wurde entfernt",
    ),
    (
        "pagina, contenido, articulo",
        "no encontr, no se encontr, no se ha encontrado, no existe, no esta disponible, no disponible, ya no, \
         no hemos encontrado, no hemos podido encontrar, no ha sido encontrada",
    ),
    (
        "pagina, conteudo, artigo",
        "nao encontrad, nao foi encontrad, nao localizad, nao foi localizad, nao existe, nao esta disponivel, \
         nao disponivel, nao encontramos, nao conseguimos encontrar, inexistente",
    ),
    (
        "pagina, pàgina",
        "no trobad, no hem trobat, no s'ha trobat, no s’ha trobat, no existeix, non atopad, non existe",
    ),
    (
        "pagina, artikel",
        "niet gevonden, niet vinden, bestaat niet, bestaat helaas niet, niet meer, niet beschikbaar, niet bereikbaar",
    ),
    (
        "sidan, sida, artikeln",
        "hittades inte, inte hitta, hittar inte, hittar vi inte, finns inte, finns ej, saknas, kunde inte hittas",
    ),
    (
        "siden, side, artiklen, artikkelen",
        "ikke findes, findes ikke, blev ikke fundet, ikke finde, ikke fundet, finner ikke, finnes ikke, fant ikke, \
         ikke funnet, kan ikke vises, eksisterer ikke",
    ),
    ("sivu", "ei loyt, ei loyd, ei ole, ei valitettavasti"),
    ("sida, siðan, sidan", "fannst ekki, finnst ekki, er ekki til"),
    (
        "strona, strony, strone, tresc, artykul",
        "nie znalez, nie zostala znaleziona, nie istnieje, nie ma, nie odnalez, niedostepn",
    ),
    (
        "strank, clanek, clanok",
        "nenalez, nenasl, nebyla nalezena, nebyla nenalezena, neexist, nenajden, nebola najden, sa nenasla, nie je dostupna",
    ),
    ("stran, vsebin", "ni najden, ni mogoce najti, ne obstaja, nismo nasli, ni bilo mogoce najti"),
    (
        "stranic, strana",
        "nije pronaden, nije pronađen, ne postoji, nismo pronasli, nije nadena, nije dostupna",
    ),
    ("oldal", "nem talalhat, nem letez, nem talaltuk, nem talaljuk, nem elerheto"),
    ("pagina", "nu a fost gasit, nu exista, nu mai exista, nu a putut fi gasit, nu este disponibil, negasit"),
    ("faqja", "nuk u gjet, nuk ekziston"),
    ("lapa, leht, lehek, puslap", "nav atrasta, neeksiste, ei leitud, ei leidnud, nerast, neegzist"),
    ("страниц", "не найден, не существует, нет, не нашли, не нашлась, удален, недоступна, не обнаружен"),
    ("сторін, сторинк", "не знайден, не існує, немає, видален, недоступна"),
    ("старонк", "не знойдзена, не існуе"),
    (
        "страниц",
        "не е намерена, не беше намерена, не съществува, не е пронајдена, не постои, не постоји, није пронађена, нисмо пронашли",
    ),
    ("σελιδα", "δεν υπαρχει, δεν βρεθηκε, δεν ειναι διαθεσιμη, δεν μπορει να βρεθει"),
    ("sayfa", "bulunama, bulamad, mevcut degil, yok, bulunmuyor"),
    ("səhifə, sehife", "tapilma, movcud deyil"),
    ("გვერდი", "ვერ მოიძებნა, არ არსებობს"),
    ("էջը", "չի գտնվել, գոյություն չունի"),
    ("صفحة, الصفحة, المحتوى", "غير موجود, لم يتم العثور, غير متوفر, غير متاح, لا توجد, لم نجد, تعذر العثور"),
    ("صفحه", "یافت نشد, پیدا نشد, وجود ندارد, موجود نیست, پیدا نکردیم"),
    ("صفحہ", "نہیں ملا, موجود نہیں"),
    ("דף, הדף, עמוד, העמוד", "לא נמצא, לא קיים, אינו קיים, לא מצאנו"),
    ("पृष्ठ, पेज", "नहीं मिला, उपलब्ध नहीं, मौजूद नहीं, नहीं मिल"),
    ("পৃষ্ঠা, পাতা", "পাওয়া যায়নি, খুঁজে পাওয়া"),
    ("หน้า", "ไม่พบ, ไม่มี"),
    ("trang", "khong tim thay, khong ton tai, khong con, khong kha dung"),
    (
        "halaman, laman",
        "tidak ditemukan, tidak ditemui, tidak dijumpai, tidak ada, tidak tersedia, tidak dapat ditemukan, tidak wujud",
    ),
    ("pahina", "hindi nahanap, hindi makita, wala"),
    ("ukurasa", "haukupatikana, haupo"),
    (
        "ページ",
        "見つかりません, 見つかりませんでした, 存在しません, ありません, ございません, 見つけられません",
    ),
    ("页, 頁, 网页, 網頁", "不存在, 未找到, 找不到, 没有找到, 沒有找到, 无法找到, 無法找到, 不见了, 不見了"),
    ("페이지", "찾을 수 없, 존재하지 않, 없습니다, 삭제되"),
];

/// A letter of a script in which words have ends.
fn joins(c: char) -> bool {
    c.is_alphabetic() && !super::is_wide(c)
}

/// Does the text say it in a sentence?
fn explains(text: &str) -> bool {
    SENTENCES.iter().any(|sentence| text.contains(sentence.as_str()))
}

/// Nothing but words that stand around such a message.
fn only_fillers(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .all(|word| FILLERS.iter().any(|filler| filler == word))
}

static FILLERS: Table = Table::new(|| {
    folded(&[
        "404",
        "410",
        "error",
        "http",
        "status",
        "code",
        "sorry",
        "oops",
        "ooops",
        "whoops",
        "oh",
        "no",
        "uh",
        "hmm",
        "well",
        "the",
        "this",
        "that",
        "a",
        "we",
        "re",
        "are",
        "is",
        "was",
        "it",
        "looks",
        "like",
        "page",
        "your",
        "you",
        "requested",
        "looking",
        "for",
        "url",
        "could",
        "not",
        "be",
        "been",
        "found",
        "cannot",
        "can",
        "t",
        "does",
        "exist",
        "has",
        "moved",
        "removed",
        "or",
        "deleted",
        "here",
        "anymore",
        "longer",
        "available",
        "erreur",
        "errore",
        "ops",
        "ci",
        "dispiace",
        "spiacenti",
        "pagina",
        "la",
        "fehler",
        "hoppla",
        "ups",
        "leider",
        "lo",
        "sentimos",
        "pagina",
        "erro",
        "desculpe",
        "fout",
        "helaas",
        "ошибка",
        "страница",
        "помилка",
        "błąd",
        "fel",
        "feil",
        "fejl",
        "virhe",
        "chyba",
        "hiba",
        "eroare",
        "hata",
        "σφάλμα",
        "エラー",
        "错误",
        "오류",
    ])
});

/// What says so wherever it is half of what is said.
static PHRASES: Table = Table::new(|| {
    folded(&[
        // English
        "page not found",
        "page was not found",
        "page cannot be found",
        "page can't be found",
        "page can’t be found",
        "page could not be found",
        "page couldn't be found",
        "page couldn’t be found",
        "can't find that page",
        "can’t find that page",
        "can't find the page",
        "can’t find the page",
        "couldn't find that page",
        "couldn’t find that page",
        "page does not exist",
        "page doesn't exist",
        "page doesn’t exist",
        "page no longer exists",
        "page is no longer available",
        "page no longer available",
        "page isn't available",
        "page isn’t available",
        "page is not available",
        "page unavailable",
        "page not available",
        "page missing",
        "missing page",
        "page has been removed",
        "page you requested could not be found",
        "page you are looking for",
        "page you were looking for",
        "article not found",
        "article no longer available",
        "document not found",
        "content not found",
        "content unavailable",
        "content no longer available",
        "content is no longer available",
        "file not found",
        "resource not found",
        "resource cannot be found",
        "story not found",
        "post not found",
        "post does not exist",
        "video unavailable",
        "video not found",
        "this video is unavailable",
        "this video isn't available anymore",
        "account suspended",
        "account has been suspended",
        "no such page",
        "404 not found",
        "404 page",
        "404 error",
        "error 404",
        "http 404",
        "410 gone",
        // Italian
        "pagina non trovata",
        "pagina non è stata trovata",
        "pagina non esiste",
        "pagina inesistente",
        "pagina non disponibile",
        "pagina non più disponibile",
        "pagina richiesta non",
        "pagina che cerchi non",
        "pagina che stai cercando",
        "contenuto non trovato",
        "contenuto non disponibile",
        "articolo non trovato",
        "documento non trovato",
        "errore 404",
        // French
        "page introuvable",
        "page non trouvée",
        "page inexistante",
        "page n'existe pas",
        "page n’existe pas",
        "page n'existe plus",
        "page n’existe plus",
        "page demandée n",
        "page que vous cherchez",
        "page que vous recherchez",
        "page indisponible",
        "contenu introuvable",
        "contenu indisponible",
        "article introuvable",
        "document introuvable",
        "erreur 404",
        // German
        "seite nicht gefunden",
        "seite wurde nicht gefunden",
        "seite konnte nicht gefunden werden",
        "seite existiert nicht",
        "seite nicht verfügbar",
        "seite ist nicht verfügbar",
        "seite nicht mehr verfügbar",
        "seite leider nicht gefunden",
        "gewünschte seite",
        "gesuchte seite",
        "inhalt nicht gefunden",
        "inhalt nicht verfügbar",
        "artikel nicht gefunden",
        "beitrag nicht gefunden",
        "dokument nicht gefunden",
        "fehler 404",
        "404 fehler",
        "404-fehler",
        // Spanish, Catalan, Galician
        "página no encontrada",
        "página no existe",
        "página no disponible",
        "página no se encuentra",
        "página no ha sido encontrada",
        "página que buscas",
        "página que busca",
        "no se encontró la página",
        "no se ha encontrado la página",
        "contenido no encontrado",
        "contenido no disponible",
        "artículo no encontrado",
        "pàgina no trobada",
        "no s'ha trobat la pàgina",
        "no s’ha trobat la pàgina",
        "páxina non atopada",
        // Portuguese
        "página não encontrada",
        "página não existe",
        "página não foi encontrada",
        "página não disponível",
        "página inexistente",
        "conteúdo não encontrado",
        "erro 404",
        // Dutch, Afrikaans
        "pagina niet gevonden",
        "pagina bestaat niet",
        "pagina is niet gevonden",
        "pagina kan niet worden gevonden",
        "pagina niet beschikbaar",
        "artikel niet gevonden",
        "fout 404",
        "bladsy nie gevind nie",
        // Nordic
        "sidan hittades inte",
        "sidan kunde inte hittas",
        "sidan finns inte",
        "sidan saknas",
        "siden blev ikke fundet",
        "siden findes ikke",
        "siden kunne ikke findes",
        "siden ble ikke funnet",
        "siden finnes ikke",
        "fant ikke siden",
        "sivua ei löytynyt",
        "sivua ei löydy",
        "síða fannst ekki",
        "síðan fannst ekki",
        // Baltic
        "lehte ei leitud",
        "lapa nav atrasta",
        "puslapis nerastas",
        // Polish, Czech, Slovak, Slovenian, Croatian, Hungarian, Romanian, Albanian
        "strona nie została znaleziona",
        "strona nie istnieje",
        "nie znaleziono strony",
        "strony nie znaleziono",
        "nie ma takiej strony",
        "błąd 404",
        "stránka nenalezena",
        "stránka nebyla nalezena",
        "stránka neexistuje",
        "stránka nenájdená",
        "stránka sa nenašla",
        "stránka nebola nájdená",
        "chyba 404",
        "stran ni najdena",
        "strani ni mogoče najti",
        "stranica nije pronađena",
        "stranica ne postoji",
        "strana nije pronađena",
        "az oldal nem található",
        "a keresett oldal nem található",
        "pagina nu a fost găsită",
        "pagina nu există",
        "faqja nuk u gjet",
        // Cyrillic
        "страница не найдена",
        "страницы не существует",
        "страница не существует",
        "страница удалена",
        "ошибка 404",
        "сторінку не знайдено",
        "сторінка не знайдена",
        "сторінки не існує",
        "помилка 404",
        "старонка не знойдзена",
        "страницата не е намерена",
        "страницата не беше намерена",
        "страница није пронађена",
        "страницата не е пронајдена",
        // Greek, Turkish, Azerbaijani, Georgian, Armenian
        "η σελίδα δεν βρέθηκε",
        "η σελίδα δεν υπάρχει",
        "σφάλμα 404",
        "sayfa bulunamadı",
        "böyle bir sayfa yok",
        "səhifə tapılmadı",
        "გვერდი ვერ მოიძებნა",
        "էջը չի գտնվել",
        // Arabic, Persian, Urdu, Hebrew
        "الصفحة غير موجودة",
        "لم يتم العثور على الصفحة",
        "صفحه یافت نشد",
        "صفحه مورد نظر یافت نشد",
        "صفحہ نہیں ملا",
        "הדף לא נמצא",
        "העמוד לא נמצא",
        // South and South-East Asia
        "पृष्ठ नहीं मिला",
        "पेज नहीं मिला",
        "পৃষ্ঠা পাওয়া যায়নি",
        "ไม่พบหน้า",
        "ไม่พบหน้าที่คุณ",
        "không tìm thấy trang",
        "trang không tồn tại",
        "halaman tidak ditemukan",
        "halaman tidak dijumpai",
        "hindi nahanap ang pahina",
        "ukurasa haukupatikana",
        // East Asia
        "ページが見つかりません",
        "ページは見つかりません",
        "ページは存在しません",
        "お探しのページ",
        "页面不存在",
        "页面未找到",
        "找不到页面",
        "页面没有找到",
        "您访问的页面",
        "頁面不存在",
        "找不到網頁",
        "找不到頁面",
        "페이지를 찾을 수 없습니다",
        "존재하지 않는 페이지",
        // Servers and hosts that have nothing to show
        "welcome to nginx",
        "apache2 ubuntu default page",
        "apache2 debian default page",
        "iis windows server",
        "default web site page",
        "website no longer available",
        "site not found",
        "website expired",
        "blog has been removed",
    ])
});

/// What says so only where nothing else is said.
static SHORT: Table = Table::new(|| {
    folded(&[
        "not found",
        "nothing found",
        "no longer available",
        "does not exist",
        "doesn't exist",
        "non trovato",
        "non trovata",
        "non disponibile",
        "introuvable",
        "non trouvé",
        "n'existe pas",
        "n’existe pas",
        "nicht gefunden",
        "existiert nicht",
        "no encontrado",
        "no encontrada",
        "no existe",
        "não encontrado",
        "não encontrada",
        "niet gevonden",
        "nie znaleziono",
        "hittades inte",
        "ikke funnet",
        "ikke fundet",
        "ei löytynyt",
        "nenalezeno",
        "nem található",
        "не найдено",
        "не найдена",
        "не знайдено",
        "δεν βρέθηκε",
        "bulunamadı",
        "غير موجود",
        "یافت نشد",
        "לא נמצא",
        "见つかりません",
        "見つかりません",
        "未找到",
        "찾을 수 없습니다",
        "không tìm thấy",
        "tidak ditemukan",
    ])
});

/// Sentences of a text that has little else.
static SENTENCES: Table = Table::new(|| {
    folded(&[
        "page you are looking for",
        "page you were looking for",
        "page you're looking for",
        "page you’re looking for",
        "page you have requested",
        "page you requested",
        "page that you requested",
        "requested page could not be found",
        "requested url was not found",
        "the page cannot be found",
        "we can't find the page",
        "we can’t find the page",
        "we couldn't find the page",
        "we couldn’t find the page",
        "this page doesn't exist",
        "this page doesn’t exist",
        "this page could not be found",
        "this page isn't available",
        "this page isn’t available",
        "the link you followed may be broken",
        "pagina che stai cercando",
        "pagina che cerchi",
        "pagina richiesta non",
        "la pagina non esiste",
        "la page que vous cherchez",
        "la page que vous recherchez",
        "la page demandée",
        "cette page n'existe",
        "cette page n’existe",
        "die gesuchte seite",
        "die gewünschte seite",
        "die angeforderte seite",
        "diese seite existiert nicht",
        "la página que buscas",
        "la página que busca",
        "la página que está buscando",
        "la página solicitada",
        "a página que você",
        "a página que procura",
        "de pagina die u zoekt",
        "de pagina die je zoekt",
        "de opgevraagde pagina",
        "strona, której szukasz",
        "sidan du söker",
        "siden du leter etter",
        "siden du leder efter",
        "запрашиваемая страница",
        "запрошенная страница",
        "запитувана сторінка",
        "aradığınız sayfa",
        "お探しのページ",
        "您访问的页面不存在",
        "您所访问的页面",
        "요청하신 페이지",
    ])
});
