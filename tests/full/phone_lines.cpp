// Phone numbers line by line: as E.164, or an empty line for what is none.

#include <iostream>
#include <string>

#include "core/phone_number.hpp"

int main() {
    for (std::string line; std::getline(std::cin, line);)
        std::cout << vitrine::phone_number(line).value_or("") << '\n';
}
