#include <sys/stat.h>

#include "api/cli/command_line.hpp"

int main(int argc, char** argv) {
    auto arguments = vitrine::api::take_arguments(argc, argv);
    ::umask(0077);  // whatever is made in a data directory is its owner's alone
    return vitrine::api::run_command_line(std::move(arguments));
}
