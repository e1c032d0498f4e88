#include "cli/completion.h"

void completion_print(const struct command *const *commands, size_t n_commands, FILE *out)
{
    fputs("# bash completion for crier\n"
          "_crier() {\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} words=\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
          "        words='",
          out);
    for (size_t i = 0; i < n_commands; i++)
        fprintf(out, "%s ", commands[i]->name);
    fputs("--help --version'\n"
          "    else\n"
          "        case ${COMP_WORDS[1]} in\n",
          out);
    for (size_t i = 0; i < n_commands; i++) {
        fprintf(out, "        %s) words='--help", commands[i]->name);
        for (size_t k = 0; k < commands[i]->n_options; k++)
            fprintf(out, " --%s", commands[i]->options[k].name);
        fputs("' ;;\n", out);
    }
    fputs("        esac\n"
          "    fi\n"
          "    case $word in\n"
          "        -*) mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\") ;;\n"
          "        *) [ \"$COMP_CWORD\" -eq 1 ] && mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\") ;;\n"
          "    esac\n"
          "}\n"
          "complete -o default -F _crier crier\n",
          out);
}
