#include "api/cli/ask.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "api/control/client.hpp"

namespace vitrine::api {

Json ask(const DataOptions& where, const std::string& operation, const Json& arguments) {
    auto outcome =
        run_on_data(where.data, where.master_key_file, operation, arguments, [](const Json&) {});
    if (!outcome) throw std::runtime_error(outcome.error());
    return *std::move(outcome);
}

}  // namespace vitrine::api
