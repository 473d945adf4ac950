defmodule Postgres do
  @moduledoc """
  As much of PostgreSQL's protocol 3 as one table needs: log in with SCRAM, one statement with parameters at a time.
  See https://www.postgresql.org/docs/15/protocol.html
  """

  @timeout 5_000

  @doc "Connects to the first of `address:port,…` that takes writes: a standby is left alone."
  def connect_any(addresses) do
    addresses
    |> String.split(",", trim: true)
    |> Enum.find_value({:error, :none}, fn address ->
      with {:ok, socket} <- connect(address) do
        case query(socket, "SELECT pg_is_in_recovery()::text", []) do
          {:ok, [["false"]]} -> {:ok, socket}
          _ -> (:gen_tcp.close(socket); nil)
        end
      else
        _ -> nil
      end
    end)
  end

  defp connect(address) do
    [host, port] = String.split(address, ":")
    options = [:binary, active: false, nodelay: true, keepalive: true, send_timeout: @timeout]

    with {:ok, socket} <- :gen_tcp.connect(to_charlist(host), String.to_integer(port), options, @timeout) do
      case log_in(socket) do
        :ok -> {:ok, socket}
        error -> (:gen_tcp.close(socket); error)
      end
    end
  end

  defp log_in(socket) do
    user = System.get_env("STORE_USER", "app")
    database = System.get_env("STORE_DATABASE", "app")
    hello = <<3::16, 0::16, "user", 0, user::binary, 0, "database", 0, database::binary, 0, 0>>
    :ok = :gen_tcp.send(socket, [<<byte_size(hello) + 4::32>>, hello])
    authenticate(socket, nil)
  end

  defp authenticate(socket, scram) do
    case message(socket) do
      {:ok, ?R, <<0::32>>} -> until_ready(socket, [])|> done()
      {:ok, ?R, <<10::32, _::binary>>} -> authenticate(socket, first(socket))
      {:ok, ?R, <<11::32, challenge::binary>>} -> authenticate(socket, final(socket, scram, challenge))
      {:ok, ?R, <<12::32, _::binary>>} -> authenticate(socket, scram)
      other -> {:error, other}
    end
  end

  defp done({:ok, _}), do: :ok
  defp done(error), do: error

  # RFC 5802 with SHA-256 and no channel binding.
  defp first(socket) do
    bare = "n=,r=" <> Base.encode64(:crypto.strong_rand_bytes(18))
    text = "n,," <> bare
    send_message(socket, ?p, ["SCRAM-SHA-256", 0, <<byte_size(text)::32>>, text])
    bare
  end

  defp final(socket, bare, challenge) do
    parts = for part <- String.split(challenge, ","), into: %{}, do: {String.first(part), String.slice(part, 2..-1)}
    password = System.get_env("POSTGRESQL_PASSWORD", "")
    salted = :crypto.pbkdf2_hmac(:sha256, password, Base.decode64!(parts["s"]), String.to_integer(parts["i"]), 32)
    key = hmac(salted, "Client Key")
    without_proof = "c=biws,r=" <> parts["r"]
    signature = hmac(:crypto.hash(:sha256, key), Enum.join([bare, challenge, without_proof], ","))
    send_message(socket, ?p, [without_proof, ",p=", Base.encode64(:crypto.exor(key, signature))])
    bare
  end

  defp hmac(key, text), do: :crypto.mac(:hmac, :sha256, key, text)

  @doc "Rows as lists of texts; nil for NULL. An error of a statement leaves the connection in order."
  def query(socket, sql, parameters) do
    values = for value <- parameters, do: [<<IO.iodata_length(value)::32>>, value]

    sent =
      :gen_tcp.send(socket, [
        packed(?P, [0, sql, 0, <<0::16>>]),
        packed(?B, [0, 0, <<0::16, length(parameters)::16>>, values, <<0::16>>]),
        packed(?E, [0, <<0::32>>]),
        packed(?S, [])
      ])

    with :ok <- sent, do: until_ready(socket, [])
  end

  @doc "An array of texts as a parameter."
  def array(texts) do
    quoted = for text <- texts, do: [?", String.replace(text, ["\\", "\""], &("\\" <> &1)), ?"]
    [?{, Enum.intersperse(quoted, ?,), ?}]
  end

  defp until_ready(socket, rows) do
    case message(socket) do
      {:ok, ?Z, _} -> if is_list(rows), do: {:ok, Enum.reverse(rows)}, else: rows
      {:ok, ?D, <<_::16, columns::binary>>} when is_list(rows) -> until_ready(socket, [row(columns) | rows])
      {:ok, ?E, text} -> until_ready(socket, {:error, {:refused, text}})
      {:ok, _, _} -> until_ready(socket, rows)
      error -> error
    end
  end

  defp row(<<-1::signed-32, rest::binary>>), do: [nil | row(rest)]
  defp row(<<size::32, value::binary-size(size), rest::binary>>), do: [value | row(rest)]
  defp row(<<>>), do: []

  defp message(socket) do
    with {:ok, <<type, size::32>>} <- :gen_tcp.recv(socket, 5, @timeout * 2),
         {:ok, body} <- body(socket, size - 4) do
      {:ok, type, body}
    end
  end

  defp body(_socket, 0), do: {:ok, ""}
  defp body(socket, size), do: :gen_tcp.recv(socket, size, @timeout * 2)

  defp send_message(socket, type, payload), do: :ok = :gen_tcp.send(socket, packed(type, payload))
  defp packed(type, payload), do: [type, <<IO.iodata_length(payload) + 4::32>>, payload]
end
