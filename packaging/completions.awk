# SPDX-License-Identifier: GPL-3.0-or-later
# awk -v shell=bash|zsh|fish -f completions.awk completions.tsv: completions of
# that shell. Every command but help knows --help and -h too.
BEGIN { FS = "\t" }
/^#/ { next }
$2 == "-" { add_command($1, $3, $4); next }
{ add_option($1, $2, $3, $4) }

function add_command(command, value, text) {
    commands[++command_count] = command
    summary[command] = text
    words[command] = value
    if (command != "help") {
        add_option(command, "--help", "-", "tell about the command")
        add_option(command, "-h", "-", "tell about the command")
    }
}

function add_option(command, option, value, text,    i) {
    i = ++option_count[command]
    options[command, i] = option
    optional[command, i] = sub(/^\?/, "", value)
    values[command, i] = value
    texts[command, i] = text
}

function spaced(list) {
    gsub(",", " ", list)
    return list
}

END {
    if (shell == "bash") bash()
    else if (shell == "zsh") zsh()
    else fish()
}

# ---- bash -------------------------------------------------------------------

function compgen(value) {
    if (value == "n") return ""
    return "_shukach_take " (value == "dir" ? "-d" : value == "file" ? "-f" : \
                             "-W '" spaced(value) "'") " -- \"$word\""
}

function bash_answer(pattern, value) {
    if (value == "n") return "    " pattern ") return ;;"
    return "    " pattern ") " compgen(value) "; return ;;"
}

function bash(    c, i, command, list, all) {
    print "# shellcheck shell=bash"
    print "# Completions of shukach for bash, made of completions.tsv."
    print "_shukach_take() { mapfile -t COMPREPLY < <(compgen \"$@\"); }"
    print "_shukach() {"
    print "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}"
    print "    # --option=word is three words to bash."
    print "    if [ \"$word\" = = ]; then"
    print "        word="
    print "    elif [ \"$before\" = = ]; then"
    print "        before=${COMP_WORDS[COMP_CWORD-2]}"
    print "    fi"
    for (c = 1; c <= command_count; c++) all = all commands[c] ","
    print "    COMPREPLY=()"
    print "    if [ \"$COMP_CWORD\" = 1 ]; then"
    print "        " compgen(all "--help,--version")
    print "        return"
    print "    fi"
    print "    case ${COMP_WORDS[1]}:$before in"
    for (c = 1; c <= command_count; c++) {
        command = commands[c]
        for (i = 1; i <= option_count[command]; i++) {
            if (values[command, i] != "-" && !optional[command, i]) {
                print bash_answer(command ":" options[command, i], \
                                  values[command, i])
            }
        }
    }
    print "    esac"
    print "    case ${COMP_WORDS[1]}:$word in"
    for (c = 1; c <= command_count; c++) {
        command = commands[c]
        list = ""
        for (i = 1; i <= option_count[command]; i++) {
            list = list (i > 1 ? "," : "") options[command, i]
        }
        if (list != "") print "    " command ":-*) " compgen(list) " ;;"
        if (words[command] != "n") {
            print "    " command ":*) " compgen(words[command]) " ;;"
        }
    }
    print "    esac"
    print "}"
    print "complete -o filenames -F _shukach shukach"
}

# ---- zsh --------------------------------------------------------------------

function zsh_action(value) {
    if (value == "dir") return "_files -/"
    if (value == "file") return "_files"
    return value == "n" ? " " : "(" spaced(value) ")"
}

function zsh_option(command, i,    name, value) {
    name = options[command, i]
    value = values[command, i]
    if (value != "-") name = name (name ~ /^--/ ? (optional[command, i] ? "=-" : "=") : "+")
    name = name "[" texts[command, i] "]"
    if (value != "-") {
        name = name (optional[command, i] ? "::" : ":") "value:" zsh_action(value)
    }
    return "        '" name "' \\"
}

function zsh(    c, i, command) {
    print "#compdef shukach"
    print "# Completions of shukach for zsh, made of completions.tsv."
    print "local -a commands"
    print "commands=("
    for (c = 1; c <= command_count; c++) {
        print "    '" commands[c] ":" summary[commands[c]] "'"
    }
    print ")"
    print "if (( CURRENT == 2 )); then"
    print "    _describe command commands"
    print "    _arguments '--help[tell what there is]' '--version[print the version]'"
    print "    return"
    print "fi"
    print "shift words"
    print "(( CURRENT-- ))"
    print "case $words[1] in"
    for (c = 1; c <= command_count; c++) {
        command = commands[c]
        print "(" command ")"
        print "    _arguments -s \\"
        for (i = 1; i <= option_count[command]; i++) print zsh_option(command, i)
        print "        '*:word:" zsh_action(words[command]) "'"
        print "    ;;"
    }
    print "esac"
}

# ---- fish -------------------------------------------------------------------

function fish_value(value, optional) {
    if (value == "-" || (value == "n" && optional)) return ""
    if (value == "dir") return " -x -a '(__fish_complete_directories)'"
    if (value == "file") return " -r -F"
    return value == "n" ? " -x" : " -x -a '" spaced(value) "'"
}

function fish(    c, i, command, name) {
    print "# Completions of shukach for fish, made of completions.tsv."
    print "complete -c shukach -f"
    print "complete -c shukach -n __fish_use_subcommand -l help -d 'tell what there is'"
    print "complete -c shukach -n __fish_use_subcommand -l version -d 'print the version'"
    for (c = 1; c <= command_count; c++) {
        command = commands[c]
        print "complete -c shukach -n __fish_use_subcommand -a " command \
              " -d '" summary[command] "'"
        name = "complete -c shukach -n '__fish_seen_subcommand_from " command "'"
        if (words[command] != "n") {
            print name (words[command] == "file" ? " -F" : \
                        " -a '" spaced(words[command]) "'")
        }
        for (i = 1; i <= option_count[command]; i++) {
            print name (options[command, i] ~ /^--/ ? \
                        " -l " substr(options[command, i], 3) : \
                        " -s " substr(options[command, i], 2)) \
                  fish_value(values[command, i], optional[command, i]) \
                  " -d '" texts[command, i] "'"
        }
    }
}
