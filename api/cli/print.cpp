#include "api/cli/print.hpp"

#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/standard_streams.hpp"

namespace vitrine::api {

void print_json(const nlohmann::ordered_json& json) {
    std::cout << json.dump() << std::endl;
}

void require_printed(const std::string& done) {
    if (const auto fault = output_fault()) throw std::runtime_error(*fault + "; " + done);
}

void print_done(const nlohmann::ordered_json& json, const std::string& done) {
    print_json(json);
    require_printed(done);
}

void print_once(const nlohmann::ordered_json& json, const std::function<std::string()>& undo) {
    print_json(json);
    if (std::cout) return;
    std::string undone;
    try {
        undone = undo();
    } catch (const std::exception& fault) {
        undone = std::string("and what was done could not be taken back: ") + fault.what();
    }
    throw std::runtime_error("the standard output could not be written; " + undone);
}

}  // namespace vitrine::api
