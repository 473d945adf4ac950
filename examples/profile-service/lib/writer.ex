defmodule Writer do
  @moduledoc """
  Takes messages out of the queue, as many as are there, and puts their commands into the store in one statement. A message is
  acknowledged when the store has committed it; while the store is away, messages stay in the queue.
  """
  use GenServer

  @prefetch 16
  @again_ms 500

  @table """
  CREATE TABLE IF NOT EXISTS profiles (id text PRIMARY KEY, version bigint NOT NULL, body text NOT NULL)
  """
  @upsert """
  INSERT INTO profiles SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[])
  ON CONFLICT (id) DO UPDATE SET version = excluded.version, body = excluded.body
  WHERE profiles.version < excluded.version
  """

  def start_link(_), do: GenServer.start_link(__MODULE__, nil, name: __MODULE__)

  @impl true
  def init(_) do
    send(self(), :connect)
    :timer.send_interval(5_000, :heartbeat)
    {:ok, %{queue: nil, store: nil, left: "", parts: nil, batch: []}}
  end

  @impl true
  def handle_info(:connect, state) do
    with {:ok, store} <- store(state),
         {:ok, queue} <- Amqp.connect_any(System.get_env("QUEUE", "127.0.0.1:5672")),
         :ok <- Amqp.consume(queue, @prefetch) do
      :ok = :inet.setopts(queue, active: :once)
      {:noreply, %{state | queue: queue, store: store, left: "", parts: nil, batch: []}}
    else
      _ ->
        Process.send_after(self(), :connect, @again_ms)
        {:noreply, state}
    end
  end

  def handle_info({:tcp, queue, data}, %{queue: queue} = state) do
    {frames, left} = Amqp.frames(state.left <> data)
    state = Enum.reduce(frames, %{state | left: left}, &frame/2)
    :inet.setopts(queue, active: :once)
    # What has arrived meanwhile goes into the same statement.
    {:noreply, state, 1}
  end

  def handle_info(:timeout, %{batch: []} = state), do: {:noreply, state}

  def handle_info(:timeout, state) do
    messages = Enum.reverse(state.batch)
    commands = Enum.flat_map(messages, fn {_, commands} -> commands end)

    case write(state.store, commands) do
      {:ok, _} ->
        Counters.add(:written, length(commands))
        Counters.add(:batches)
        {last, _} = hd(state.batch)
        Amqp.acknowledge(state.queue, last)
        {:noreply, %{state | batch: []}}

      _ ->
        # Nothing was acknowledged: closing the connection gives the messages back to the queue.
        {:noreply, lost(state)}
    end
  end

  def handle_info({:tcp_closed, queue}, %{queue: queue} = state), do: {:noreply, lost(state)}
  def handle_info({:tcp_error, queue, _}, %{queue: queue} = state), do: {:noreply, lost(state)}

  def handle_info(:heartbeat, %{queue: queue} = state) when queue != nil do
    Amqp.heartbeat(queue)
    {:noreply, state, 1}
  end

  def handle_info(_, state), do: {:noreply, state, 1}

  # basic.deliver, its header with the size, and its pieces.
  defp frame({1, <<60::16, 60::16, size, _::binary-size(size), tag::64, _::binary>>}, state) do
    %{state | parts: {tag, nil, []}}
  end

  defp frame({2, <<60::16, 0::16, size::64, _::binary>>}, %{parts: {tag, _, _}} = state) do
    %{state | parts: {tag, size, []}}
  end

  defp frame({3, piece}, %{parts: {tag, size, pieces}} = state) do
    pieces = [piece | pieces]

    if IO.iodata_length(pieces) == size do
      commands = pieces |> Enum.reverse() |> IO.iodata_to_binary() |> :erlang.binary_to_term([:safe])
      %{state | parts: nil, batch: [{tag, commands} | state.batch]}
    else
      %{state | parts: {tag, size, pieces}}
    end
  end

  defp frame({1, <<10::16, 50::16, _::binary>>}, state), do: lost(state)
  defp frame(_, state), do: state

  defp store(%{store: nil}) do
    with {:ok, store} <- Postgres.connect_any(System.get_env("STORE", "127.0.0.1:5432")),
         {:ok, _} <- Postgres.query(store, @table, []) do
      {:ok, store}
    end
  end

  defp store(%{store: store}), do: {:ok, store}

  # One row an id: a statement may not change a row twice.
  defp write(store, commands) do
    newest =
      Enum.reduce(commands, %{}, fn {id, version, body}, all ->
        Map.update(all, id, {version, body}, &max(&1, {version, body}))
      end)

    {ids, values} = Enum.unzip(newest)
    {versions, bodies} = Enum.unzip(values)
    versions = Enum.map(versions, &Integer.to_string/1)
    Postgres.query(store, @upsert, Enum.map([ids, versions, bodies], &Postgres.array/1))
  end

  defp lost(state) do
    for socket <- [state.queue, state.store], socket != nil, do: :gen_tcp.close(socket)
    Process.send_after(self(), :connect, @again_ms)
    %{state | queue: nil, store: nil, left: "", parts: nil, batch: []}
  end
end
