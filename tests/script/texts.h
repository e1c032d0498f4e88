/* Articles of the tests' own, with much in them that can go wrong. */
#ifndef CRIER_TESTS_SCRIPT_TEXTS_H
#define CRIER_TESTS_SCRIPT_TEXTS_H

static const char *const test_texts[] = {
    "Night Ferry Runs Again After Ten Years\n"
    "By Ruth Calder\n\n"
    "PORT AMBLE, Nov. 3 — The night ferry left at 11:40 p.m. on Friday with 212 people on board. “We waited ten years for "
    "this,” said Captain Ines Alder, who has sailed since she was 14. “And then it rained.”\n\n"
    "What the harbour says\n\n"
    "The harbour called the first trip “a success.” Tickets cost $12.50, or £9 in the U.K. A spokesman for the port said, "
    "“There will be more boats.\n\n"
    "“There will also be more rain, and we have told the passengers’ union so.”\n\n"
    "Who pays?\n\n"
    "  • The town: 1.5m a year.\n  • The state: the rest, i.e. 2.5m.\n\n"
    "‘It’s the ’90s all over again,’ said Tom O’Neill, of the ‘Save Our Boats’ group. He smiled 🙂🚢 and "
    "left…\n\n"
    "“Nobody closes this quotation, he said.\n\nThe end comes in the U.S. as well. It does.\n",

    "---\ntitle: Talk\nauthor: Ann Lee\n---\n\n# Talk\n\n**WALLIS:** What *is* it? See [here](https://example.org/x_y).\n\n"
    "**PENNY:** It is `that`, Mr. Wallis.\n\nIt was always that.\n\n**WALLIS:** Really?\n\n**PENNY:** Really — 100%.\n\n"
    "## Later\n\n> We regret nothing.\n> We will do it again.\n>\n> — The committee\n\n1. One\n2. Two “three”\n\n"
    "![A boat at night](boat.jpg)\n\n* * *\n\nThe end 1️⃣ &amp; more caf&eacute;.\n",

    "Une nuit sur le fleuve\n\n— Je ne sais pas, dit-il. Peut-être demain.\n\n— Non, répondit Marie.\n\nIl a dit : « Nous "
    "avons attendu dix ans. » Le mot « crise » est partout, et la nuit est longue pour tout le monde dans la ville.\n\n"
    "下雨了。他说：「我们走吧，已经很晚了。」然后他们走了！\n\nВодитель сказал: «Мы опоздали на час». Шёл дождь. הוא אמר “לא” "
    "והלך.\n",
};

#endif
