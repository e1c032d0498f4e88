/* fetch: one web page or feed over HTTP, by libcurl, which is loaded when the first request is made.
 *
 * Only http and https, after redirects too. A request for what somebody else named (a link in a feed) can be kept from reaching
 * machines of the own network: what they answer would be published. Nothing but the one address is asked for. */
#ifndef CRIER_LIBRARY_FETCH_H
#define CRIER_LIBRARY_FETCH_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/status.h"
#include "base/str.h"

struct fetch_limits {
    const char *user_agent;
    size_t most_bytes;                 /* of the body, unpacked */
    long timeout_s;                    /* for all of it; half as long without progress ends it too */
    const volatile sig_atomic_t *stop; /* or NULL */
};
struct fetch_request {
    const char *url;
    const char *accept;        /* value of the Accept header */
    struct str etag, modified; /* validators of what is there already, or "": the reply may be `unchanged` */
    bool public_only;          /* refuse addresses of the own machine and network */
};
/* Strings live in the arena given to fetch(). */
struct fetch_reply {
    struct buffer body; /* owned: release with buffer_release, also after failures */
    struct str url;     /* where the redirects ended */
    struct str type;    /* "text/html", lower case; "" where none was named */
    struct str charset; /* of the Content-Type; "" where none was named */
    struct str etag, modified;
    bool unchanged;    /* 304: no body */
    bool private_host; /* the first address was one of the own machine or network */
    bool passing;      /* of a failure: may well be gone the next time (network, server error) */
};

/* STATUS_NO_INPUT: it cannot be had; STATUS_BAD_DATA: it is refused (scheme, size, redirects, private address);
 * STATUS_UNAVAILABLE: no libcurl; STATUS_INTERRUPTED. Words name the address without name and password. */
enum status fetch(const struct fetch_request *request, const struct fetch_limits *limits, struct fetch_reply *reply,
                  struct arena *arena, struct problem *problem);

/* "https://example.org/a" of an address as people write it (`base` may be "": it must be whole then): normalised, percent-encoded
 * where needed, without fragment. STATUS_BAD_DATA where it is none of http or https. */
enum status fetch_address(struct str written, struct str base, struct str *url, struct arena *arena, struct problem *problem);
/* Without name and password, for the eyes of others. */
struct str fetch_address_shown(struct str url, struct arena *arena);

/* Loopback, private, link-local, shared, multicast, reserved: RFC 6890 and what maps onto it. */
bool fetch_address_is_private(const struct sockaddr *address);

#endif
