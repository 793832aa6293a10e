#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/http/route.hpp"
#include "commands/engine/request.hpp"
#include "commands/problem.hpp"
#include "net/http.hpp"
#include "net/server.hpp"

// How outcomes become responses.
namespace vitrine::api {

/// It speaks the language of the call, and another call may get another.
void name_language(net::Response& response, Language language);

net::Response json_response(std::string body);
net::Response html_response(std::string body);

net::Response problem_response(const commands::Problem& problem, Language language);

/// A problem at the path of the call, in its language. `type` is a name of
/// commands::problem_types().
net::Response problem_response(std::string_view type, const Call& call, Phrase detail = {});
net::Response invalid_response(const Call& call, std::vector<Fault> faults);
/// For a body that is no JSON object.
net::Response malformed_response(const Call& call, const Fault& fault);

/// What the server itself refused, of which it may have read only a part.
net::Response refusal_response(net::Refusal refusal, const net::Request& request);

net::Response reply_response(commands::CommandReply reply, const Call& call);

/// 200.
net::Response answer_response(queries::Answer answer, const Call& call);
net::Response error_response(queries::QueryError error, const Call& call);

}  // namespace vitrine::api
