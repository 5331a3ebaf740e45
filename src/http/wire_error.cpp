#include "wire_error.hpp"

#include <fmt/format.h>

namespace referee::http {
namespace {

std::string one_line(std::string_view text) {
  constexpr std::size_t kLongest = 400;
  std::string line;
  for (const char c : text.substr(0, kLongest)) line += (c >= 0x20 && c < 0x7f) ? c : ' ';
  return line;
}

ErrorKind kind_of(CURLcode code, std::string_view detail, const Transfer& transfer) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return ErrorKind::kResolve;
    case CURLE_COULDNT_CONNECT:
      return ErrorKind::kConnect;
    case CURLE_OPERATION_TIMEDOUT:
      if (!transfer.connecting()) return ErrorKind::kTimeout;
      return detail.find("SSL") != std::string_view::npos ? ErrorKind::kTls : ErrorKind::kConnect;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_SHUTDOWN_FAILED:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
      return ErrorKind::kTls;
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      // With TLS 1.3 a refused client certificate shows only in the first read.
      if (!transfer.answered() && detail.find("alert") != std::string_view::npos) return ErrorKind::kTls;
      if (detail.find("Too large response headers") != std::string_view::npos) return ErrorKind::kTooLarge;
      return ErrorKind::kProtocol;
    case CURLE_OUT_OF_MEMORY:  // libcurl's word for one header line above its own limit
      return transfer.headers_complete() ? ErrorKind::kProtocol : ErrorKind::kTooLarge;
#if LIBCURL_VERSION_NUM >= 0x080600
    case CURLE_TOO_LARGE:
      return ErrorKind::kTooLarge;
#endif
    case CURLE_URL_MALFORMAT:
      return ErrorKind::kUsage;
    default:
      return ErrorKind::kProtocol;
  }
}

std::string_view phrase(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kResolve:
      return "cannot resolve";
    case ErrorKind::kConnect:
      return "cannot connect to";
    case ErrorKind::kTls:
      return "TLS failed with";
    case ErrorKind::kTooLarge:
      return "too much was sent by";
    case ErrorKind::kUsage:
      return "libcurl refuses the URL of";
    case ErrorKind::kTimeout:
      return "time ran out with";
    default:
      return "no valid HTTP exchange with";
  }
}

}  // namespace

Error wire_error(CURLcode code, std::string_view detail, const Transfer& transfer, std::string_view authority) {
  if (transfer.too_large()) {
    return {ErrorKind::kTooLarge, fmt::format("{} from {}", transfer.what_is_too_large(), transfer.peer(authority))};
  }
  if (transfer.abandoned()) {
    return {ErrorKind::kAbandoned, fmt::format("no more was wanted of what {} sent", transfer.peer(authority))};
  }
  const ErrorKind kind = kind_of(code, detail, transfer);
  std::string why = transfer.without_proxy_credentials(detail.empty() ? curl_easy_strerror(code) : std::string(detail));
  if (code == CURLE_OUT_OF_MEMORY && kind == ErrorKind::kTooLarge) why = "a header line above 100 KiB";
  return {kind, one_line(fmt::format("{} {}: {}", phrase(kind), transfer.peer(authority), why))};
}

}  // namespace referee::http
