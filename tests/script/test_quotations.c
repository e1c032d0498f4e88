#include "test.h"

#include <string.h>

#include "blocks.h"
#include "script/quotation.h"

/* The blocks of `article` with speech in angle brackets, "+" after the bracket where it continues, one block a line. */
static void render(const struct article *article, const struct quotation *list, size_t n, char *out, size_t size)
{
    size_t at = 0, q = 0;
    for (size_t i = 0; i < article->n_blocks; i++) {
        struct str text = article->blocks[i].text;
        size_t from = 0;
        at += (size_t)snprintf(out + at, size - at, "%s", i ? "\n" : "");
        for (; q < n && list[q].block == i; q++) {
            if (!list[q].speech)
                continue;
            assert_true(from <= list[q].start && list[q].start <= list[q].inner_start &&
                        list[q].inner_start < list[q].inner_end && list[q].inner_end <= list[q].end && list[q].end <= text.len);
            at += (size_t)snprintf(out + at, size - at, "%.*s<%s%.*s>", (int)(list[q].start - from), text.data + from,
                                   list[q].continues != SIZE_MAX ? "+" : "", (int)(list[q].end - list[q].start),
                                   text.data + list[q].start);
            from = list[q].end;
        }
        at += (size_t)snprintf(out + at, size - at, "%.*s", (int)(text.len - from), text.data + from);
    }
}

/* `marked` is the article with the speech in angle brackets, as render() writes it. */
static void check_in(const char *language, const char *prefix, const char *marked)
{
    char text[4096], want[4096], found[4096];
    size_t len = 0, w = 0;
    for (const char *p = marked; *p; p++) {
        if (*p != '<' && *p != '>' && *p != '+')
            text[len++] = *p;
        want[w++] = *p;
    }
    text[len] = want[w] = '\0';
    struct article article;
    char whole[8192];
    snprintf(whole, sizeof whole, "%s%s", prefix, text);
    make_blocks(&article, whole, language);
    struct arena arena = {0};
    size_t n;
    struct quotation *list = find_quotations(&arena, &article, &n);
    assert_non_null(list);
    render(&article, list, n, found, sizeof found);
    assert_string_equal(found, want);
    arena_release(&arena);
    arena_release(&article.arena);
}

static void check(const char *marked)
{
    check_in("en", "", marked);
}

static void speech_in_all_marks(void **state)
{
    (void)state;
    check("<“We were late,”> the driver said.");
    check("<\"We were late,\"> the driver said.");
    check("<''We were late,''> the driver said.");
    check("<``We were late,''> the driver said.");
    check("<‘We were late,’> the driver said.");
    check("<'We were late,'> the driver said.");
    check("The driver said: <“We were late.”>");
    check("The driver said: <„Wir waren zu spät.“>");
    check("The driver said: <„We were late.”>");
    check("Le chauffeur a dit : <« Nous étions en retard. »>");
    check("Chaufføren sagde: <»Vi kom for sent.«>");
    check("Kuljettaja sanoi: <”Olimme myöhässä.”>");
    check("司机说：<「我们迟到了，很抱歉。」>");
    check("司机说：<“我们迟到了，很抱歉。”>");
    check("Водитель сказал: <«Мы опоздали»>.");
}

static void interrupted_and_resumed(void **state)
{
    (void)state;
    check("<“We were late,”> she said, <“and nobody waited.”>");
    check("<“We were late,”> she said. <“Nobody waited for us.”>");
    check("<“If it rains,”> said Ann Lee, a farmer, <“then we stay.”>");
    check("<“What now?”> he asked. <“Who pays?”> She shrugged. <“You do.”>");
    check("<‘We were late,’> she said, <‘and the guards’ dog was loose.’>");
}

static void fragments_stay_with_the_narrator(void **state)
{
    (void)state;
    check("She called the vote “a disgrace” and left.");
    check("He spoke of “a very long night” and of “hope.”");
    check("The mayor said the plan was “not good enough.”");
    check("The so-called “experts” were wrong.");
    check("John “Jack” Miller and Mary ‘Polly’ Reed ran the shop.");
    check("She read “War and Peace” on the train.");
    check("Her novel, “The Long Way Home,” sold well.");
    check("By “inflation” economists mean rising prices.");
    check("The word ‘tomorrow’ is not in his diary.");
    check("He said that “some of it” was true.");
    check("He took it as praise — “It was smart” — and went on.");
    check("They sang “Yesterday” and went home.");
    check("The sign read “closed” all week.");
}

static void short_speech(void **state)
{
    (void)state;
    check("<“No,”> he said.");
    check("<“Never.”> That was her answer.");
    check("She shouted, <“Stop!”>");
    check("The crowd chanted <“Lights on now!”>");
}

static void single_marks_and_apostrophes(void **state)
{
    (void)state;
    check("It was the summer of ’69 and rock ’n’ roll ruled; the kids’ parents hated it.");
    check("'Tis the season, and the dogs' owner isn't here. It's the '90s again.");
    check("The workers’ rights were ‘a joke’, their boss’s lawyers argued.");
    check("<‘I don’t think it’s ours,’> said Tom O’Neill. <‘But let’s ask.’>");
    check("<‘The workers’ rights were never in danger,’> said Jane Smith.");
    check("She’d told the Joneses’ son that ’twas nothing.");
}

static void nested_marks(void **state)
{
    (void)state;
    check("<“He told me, ‘Go home,’ and I went,”> she said.");
    check("<‘He told me, “Go home,” and I went,’> she said.");
    check("<\"He told me, 'Go home,' and I went,\"> she said.");
    check("<“He said \"no\" to me,”> she said.");
    check("<«Il m’a dit “non” hier.»>");
    check("司机说：<「他说『不』就走了。」>");
}

static void over_paragraphs(void **state)
{
    (void)state;
    check("<“We had nothing to eat.>\n<+“Then the rain came.>\n<+“But we lived.”> He smiled.");
    check("<\"We had nothing to eat.>\n<+\"Then the rain came.\"> He smiled.");
    check("<‘We had nothing to eat.>\n<+‘Then the rain came.’> He smiled.");
    check("<« Nous n’avions rien.>\n<+« Puis la pluie est venue. »> Il sourit.");
    check("<“It ended well.”>\n<“Did it?”> she asked.");
}

static void broken_marks(void **state)
{
    (void)state;
    check("<“We were late,> he said, and went home.\nNobody waited for him. <“Fine.”>");
    check("He said: <“We were all late that day.>\nNobody waited for him at all.");
    check("We were late,” he said.\nNobody waited. <“Fine.”>");
    check("The screen is 27\" wide and the desk 6' long. <“Fine,”> he said.");
    check("<“We were late,\"> he said. <\"Really,\"> said Ann.");
    check("<\"We were late,”> he said. <“Really,”> said Ann.");
    check("The ‘odd “pair’ of marks” is torn. <‘Fine,’> he said.");
    check("A \" alone stays alone. <“Fine,”> he said.");
    check("”“”“ \"\"\" ‘‘‘");
}

static void transcripts(void **state)
{
    (void)state;
    check("WALLIS: <What is it?>\nPENNY: <It is that.>\nWALLIS: <Really?>\nPENNY: <Really. It’s “that.”>");
    check("Q. <Why now?>\nA. <Why not?>\nA. <It was time.>\nQ. <Was it?>");
    check("Anna Lee: <Why now?>\nTom Day: <Why not?>\n<+It was time.>\n(LAUGHTER)\nAnna Lee: <Was it?>\nTom Day: <It was.>");
    check("“WALLIS: <What is it?>\n“PENNY: <It is that.>\n“WALLIS: <Really?>\n“PENNY: <Really.>");
    check("Note: nothing happened.\nUpdate: nothing changed.\nSource: nobody.\nPrice: none.");
    check_in("en", "** ", "Interviewer: <Why now?>\nTom Day: <Why not?>\nInterviewer: <Was it?>\nTom Day: <It was.>");
}

static void block_quotations(void **state)
{
    (void)state;
    const char *before = "The committee wrote in a statement that was sent to all the papers on Monday evening:\n> ";
    struct article article;
    char text[1024];
    snprintf(text, sizeof text, "%sWe regret nothing.\n> We will do it again.\n> — The committee\nNobody was amused by that.",
             before);
    make_blocks(&article, text, "en");
    struct arena arena = {0};
    size_t n;
    struct quotation *list = find_quotations(&arena, &article, &n);
    assert_int_equal(n, 2);
    assert_true(list[0].speech && list[0].whole_block && list[1].whole_block);
    assert_int_equal(list[0].block, 1);
    assert_int_equal(list[1].continues, 0);
    arena_release(&arena);
    arena_release(&article.arena);
}

static void dialogue_dashes(void **state)
{
    (void)state;
    check_in("fr", "", "— <Je ne sais pas,> dit-il. <Peut-être demain.>\n— <Non,> répondit Marie. <Jamais.>");
    check_in("ru", "", "— <Не знаю,> — сказал он. — <Может быть.>\n— <Нет.>");
    check_in("es", "", "—<No sé> —dijo él—. <Quizá mañana.>\n—<Nunca.>");
    check_in("en", "", "— No dialogue in English.\n— Not here.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(speech_in_all_marks),
        cmocka_unit_test(interrupted_and_resumed),
        cmocka_unit_test(fragments_stay_with_the_narrator),
        cmocka_unit_test(short_speech),
        cmocka_unit_test(single_marks_and_apostrophes),
        cmocka_unit_test(nested_marks),
        cmocka_unit_test(over_paragraphs),
        cmocka_unit_test(broken_marks),
        cmocka_unit_test(transcripts),
        cmocka_unit_test(block_quotations),
        cmocka_unit_test(dialogue_dashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
