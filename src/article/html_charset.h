/* Which charset a page says it is in, before anything of it is understood (HTML standard, "prescan a byte stream"). */
#ifndef CRIER_ARTICLE_HTML_CHARSET_H
#define CRIER_ARTICLE_HTML_CHARSET_H

#include "base/str.h"

/* The label in <meta charset=...>, <meta http-equiv=content-type content="...charset=..."> or <?xml encoding="..."?> among the
 * first bytes, a view into `page`; "" where there is none. Labels that the standard maps are mapped: "iso-8859-1" is
 * "windows-1252", and UTF-16 in a readable declaration is "utf-8". */
struct str html_declared_charset(struct str page);

#endif
