#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>

#include "gateways/pagarme/account.hpp"
#include "gateways/rest/call.hpp"
#include "gateways/rest/options.hpp"

namespace vitrine::pagarme {

namespace asio = boost::asio;

/// The HTTP API of Pagar.me v5. rest::Caller says how calls are made, when they are tried again and
/// what their errors mean.
///
/// Concurrency: every member runs on the loop given; not thread-safe. Errors: values.
class Pagarme {
public:
    Pagarme(asio::any_io_executor loop, rest::Options options, Clock clock);
    ~Pagarme();

    asio::awaitable<rest::Result<rest::Answer>> send(Account account, rest::Call call);

    /// Closes connections; calls in work end as `unknown`.
    void close();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vitrine::pagarme
