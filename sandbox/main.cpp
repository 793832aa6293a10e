#include <iostream>

#include "sandbox/options.hpp"
#include "sandbox/program.hpp"

int main(int argc, char** argv) {
    const auto options = vitrine::sandbox::parse_options(argc, argv);
    if (options) return vitrine::sandbox::run(*options);
    const auto& [code, text] = options.error();
    if (code == 0) {
        std::cout << text;
    } else {
        std::cerr << "clubify-sandbox: " << text << '\n';
    }
    return code;
}
