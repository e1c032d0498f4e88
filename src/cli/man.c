#include "cli/man.h"

/* roff: a backslash, a leading dot or quote, and hyphens that must stay hyphens are escaped. */
static void roff(FILE *out, const char *words)
{
    if (*words == '.' || *words == '\'')
        fputs("\\&", out);
    for (; *words; words++) {
        if (*words == '\\')
            fputs("\\\\", out);
        else if (*words == '-')
            fputs("\\-", out);
        else
            putc(*words, out);
    }
}

static void print_options(const struct command *command, FILE *out)
{
    for (size_t i = 0; i < command->n_options; i++) {
        const struct option_spec *spec = &command->options[i];
        fputs(".TP\n", out);
        if (spec->letter)
            fprintf(out, "\\fB\\-%c\\fR, ", spec->letter);
        fputs("\\fB\\-\\-", out);
        roff(out, spec->name);
        fputs("\\fR", out);
        if (spec->argument)
            fprintf(out, " \\fI%s\\fR", spec->argument);
        putc('\n', out);
        roff(out, spec->help);
        putc('\n', out);
    }
}

static const char *const tail =
    ".SH EXIT STATUS\n"
    ".TP\n0\ndone\n"
    ".TP\n1\nsomething failed; each failure is named on standard error\n"
    ".TP\n2\nwrong usage\n"
    ".TP\n65\nthe input is not usable text\n"
    ".TP\n66\nthe input is missing or unreadable\n"
    ".TP\n69\nan engine, voice, cast or library is not available\n"
    ".TP\n73\nthe output cannot be created\n"
    ".TP\n74\na write or read went wrong\n"
    ".TP\n75\nanother run holds the lock; try later\n"
    ".PP\nOf several inputs a bad one is named and passed over, the others are finished, and the exit status is the first "
    "failure's. "
    "An interrupted run removes what it began and dies by the signal.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n\\fBXDG_CACHE_HOME\\fR\nthe recording cache is its folder crier (default ~/.cache/crier)\n"
    ".TP\n\\fBCRIER_VOICES\\fR\nthe folder of casts and lexicons, in place of the installed one\n"
    ".SH FILES\n"
    ".TP\n\\fIPREFIX/share/crier/voices/casts/*.ini\\fR\nthe casts: voices and who plays which role\n"
    ".TP\n\\fIPREFIX/share/crier/voices/lexicon/LANGUAGE.txt\\fR\nhow to say certain words\n"
    ".TP\n\\fI~/.cache/crier\\fR\nrecordings of passages, kept for the next run; can be deleted at any time\n"
    ".SH SEE ALSO\n"
    ".BR espeak\\-ng (1),\n.BR cron (8)\n";

void man_print(const struct command *const *commands, size_t n_commands, FILE *out)
{
    fputs(".TH CRIER 1 \"\" \"crier " CRIER_VERSION "\" \"User Commands\"\n"
          ".SH NAME\ncrier \\- spoken audio editions of written articles\n.SH SYNOPSIS\n",
          out);
    for (size_t i = 0; i < n_commands; i++)
        fprintf(out, "%s\\fBcrier %s\\fR [\\fIOPTION\\fR]... \\fI%s\\fR\n", i ? ".br\n" : "", commands[i]->name,
                commands[i]->arguments);
    fputs(
        ".SH DESCRIPTION\n"
        "crier reads an article (plain text, Markdown, a saved web page), works out its sections, its quotations and who says "
        "each of "
        "them, speaks every piece in a fitting voice with eSpeak NG, levels and joins the pieces, and encodes one chaptered MP3. "
        "The same input and settings always give the same bytes.\n",
        out);
    for (size_t i = 0; i < n_commands; i++) {
        fprintf(out, ".SH CRIER %s\n\\fBcrier %s\\fR [\\fIOPTION\\fR]... \\fI%s\\fR\n.PP\n", commands[i]->name, commands[i]->name,
                commands[i]->arguments);
        roff(out, commands[i]->summary);
        fputs(".\n", out);
        if (commands[i]->description) {
            roff(out, commands[i]->description);
            putc('\n', out);
        }
        print_options(commands[i], out);
    }
    fputs(tail, out);
}
