#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/http/route.hpp"
#include "commands/problem.hpp"
#include "commands/request.hpp"
#include "net/http.hpp"
#include "net/server.hpp"

// How outcomes become responses.
namespace vitrine::api {

net::Response json_response(std::string body);
net::Response html_response(std::string body);

net::Response problem_response(const commands::Problem& problem);

/// A problem at this path. `type` is a name of commands::problem_types().
net::Response problem_response(
    std::string_view type, std::string_view path, std::string detail = {}
);
net::Response invalid_response(std::string_view path, std::vector<Fault> faults);
/// For a body that is no JSON object.
net::Response malformed_response(std::string_view path, const Fault& fault);

/// What the server itself refused.
net::Response refusal_response(net::Refusal refusal, std::string_view target);

net::Response reply_response(commands::CommandReply reply, const Call& call);

/// 200, or 304 when the caller has that version already.
net::Response answer_response(queries::Answer answer, const Call& call);
net::Response error_response(queries::QueryError error, const Call& call);

}  // namespace vitrine::api
