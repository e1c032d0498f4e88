/* The pause table: silence between two stretches of speech, in milliseconds at normal rate, by what lies between. */
#ifndef CRIER_STUDIO_PAUSES_H
#define CRIER_STUDIO_PAUSES_H

enum boundary {
    BOUNDARY_SENTENCE, /* next sentence, same voice, same paragraph */
    BOUNDARY_VOICE,    /* another voice within a sentence or paragraph */
    BOUNDARY_ITEM,     /* next list item */
    BOUNDARY_PARAGRAPH,
    BOUNDARY_HEADING, /* after a heading or the title, before its text */
    BOUNDARY_SECTION, /* before a heading */
    BOUNDARY_ARTICLE, /* before the next article of an edition */
    BOUNDARY_COUNT
};

/* Milliseconds of digital silence for `boundary`, scaled by 1 / rate_factor, within 40..2000. */
int pause_ms(enum boundary boundary, double rate_factor);

#endif
