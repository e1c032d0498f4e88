/* What holds for every script, whatever it was made of. */
#ifndef CRIER_TESTS_SCRIPT_CHECK_SCRIPT_H
#define CRIER_TESTS_SCRIPT_CHECK_SCRIPT_H

#include <stdint.h>
#include <string.h>

#include "script/script.h"

/* Order, bounds and coverage. */
static inline void check_script(const struct script *script)
{
    const struct article *article = script->article;
    size_t next_segment = 0, block = 0, at = 0;
    assert_true(script->n_sections >= 1 && script->n_segments >= 1);
    for (size_t i = 0; i < script->n_sections; i++) {
        assert_int_equal(script->sections[i].first_segment, next_segment);
        assert_true(script->sections[i].n_segments >= 1);
        next_segment += script->sections[i].n_segments;
    }
    assert_int_equal(next_segment, script->n_segments);
    for (size_t i = 0; i < script->n_segments; i++) {
        const struct segment *segment = &script->segments[i];
        assert_true(segment->n_sentences >= 1 && segment->block >= block && segment->block < article->n_blocks);
        at = segment->block == block ? at : 0;
        block = segment->block;
        assert_true(segment->speaker == SCRIPT_NOBODY || segment->speaker < script->n_speakers);
        assert_true(segment->start == segment->sentences[0].start &&
                    segment->end == segment->sentences[segment->n_sentences - 1].end);
        for (size_t k = 0; k < segment->n_sentences; k++) {
            const struct sentence *sentence = &segment->sentences[k];
            assert_true(at <= sentence->start && sentence->start < sentence->end &&
                        sentence->end <= article->blocks[block].text.len);
            assert_true(str_eq(sentence->text, str_sub(article->blocks[block].text, sentence->start, sentence->end)));
            assert_true(sentence->source_start <= sentence->source_end && sentence->source_end <= article->text.len);
            at = sentence->end;
        }
    }
    for (size_t i = 1; i < script->n_omissions; i++)
        assert_true(script->omissions[i - 1].start <= script->omissions[i].start);
    size_t bad = script_uncovered(script);
    if (bad != SIZE_MAX)
        print_error("uncovered at %zu: %.60s\n", bad, article->text.data + bad);
    assert_true(bad == SIZE_MAX);
}

static inline void assert_same_str(struct str a, struct str b)
{
    if (!str_eq(a, b))
        print_error("'%.*s' is not '%.*s'\n", STR_ARG(a), STR_ARG(b));
    assert_true(str_eq(a, b));
}

/* All that the studio makes passages of is the same. `voice_of` gives the voices of `a`; in `b` they are pinned. */
static inline void assert_same_passages(const struct script *a, script_voice_function *voice_of, const struct script *b)
{
    assert_same_str(a->title, b->title);
    assert_same_str(a->language, b->language);
    assert_int_equal(a->n_sections, b->n_sections);
    assert_int_equal(a->n_segments, b->n_segments);
    for (size_t i = 0; i < a->n_sections; i++) {
        assert_same_str(a->sections[i].title, b->sections[i].title);
        assert_int_equal(a->sections[i].level, b->sections[i].level);
        assert_int_equal(a->sections[i].first_segment, b->sections[i].first_segment);
    }
    for (size_t i = 0; i < a->n_segments; i++) {
        const struct segment *x = &a->segments[i], *y = &b->segments[i];
        assert_int_equal(x->kind, y->kind);
        assert_int_equal(x->continues, y->continues);
        assert_int_equal(x->n_sentences, y->n_sentences);
        assert_int_equal(x->speaker == SCRIPT_NOBODY, y->speaker == SCRIPT_NOBODY);
        assert_same_str(voice_of(NULL, x), y->voice);
        if (i)
            assert_int_equal(x->block == x[-1].block, y->block == y[-1].block);
        for (size_t k = 0; k < x->n_sentences; k++) {
            const struct sentence *s = &x->sentences[k], *t = &y->sentences[k];
            assert_same_str(s->text, t->text);
            assert_same_str(s->spoken.words, t->spoken.words);
            assert_int_equal(s->pause_ms, t->pause_ms);
            assert_int_equal(s->spoken.n_parts, t->spoken.n_parts);
            for (size_t p = 0; p < s->spoken.n_parts; p++)
                assert_memory_equal(&s->spoken.parts[p], &t->spoken.parts[p], sizeof s->spoken.parts[p]);
        }
    }
}

#endif
