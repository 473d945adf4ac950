defmodule WriteQueue do
  @moduledoc """
  Takes commands and answers each when the queue has confirmed it: a majority of its servers have it on disk.

  Commands that arrive while others are on their way go together, as one message: the more there are, the larger it is, so that a
  burst makes messages larger and not more. Where too many wait, the next is refused at once rather than late. What was on its way
  when the connection broke is sent again over the next one: the store keeps the newest version of a profile, so twice is as once.
  """
  use GenServer

  @most_waiting 200_000
  @most_in_a_message 4_000
  @messages_on_their_way 4
  @answer_ms 30_000

  def start_link(_), do: GenServer.start_link(__MODULE__, nil, name: __MODULE__)

  def put(id, body) do
    GenServer.call(__MODULE__, {:put, id, body}, @answer_ms)
  catch
    :exit, _ -> {:error, :no_answer}
  end

  def connected?, do: GenServer.call(__MODULE__, :connected?)
  def waiting, do: GenServer.call(__MODULE__, :waiting)

  @impl true
  def init(_) do
    Process.flag(:message_queue_data, :off_heap)
    send(self(), :connect)
    :timer.send_interval(5_000, :heartbeat)
    {:ok, %{socket: nil, left: "", waiting: [], count: 0, on_way: %{}, next: 1, version: 0}}
  end

  @impl true
  def handle_call({:put, _, _}, _, %{count: count} = state) when count >= @most_waiting do
    {:reply, {:error, :overloaded}, state}
  end

  def handle_call({:put, id, body}, from, state) do
    # Rises always, also where the clock goes back; the newest of a profile wins in the store.
    version = max(state.version + 1, System.os_time(:microsecond))
    waiting = [{from, {id, version, body}} | state.waiting]
    {:noreply, publish(%{state | waiting: waiting, count: state.count + 1, version: version})}
  end

  def handle_call(:connected?, _, state), do: {:reply, state.socket != nil, state}
  def handle_call(:waiting, _, state), do: {:reply, state.count, state}

  @impl true
  def handle_info(:connect, state) do
    with {:ok, socket} <- Amqp.connect_any(System.get_env("QUEUE", "127.0.0.1:5672")),
         :ok <- Amqp.confirm(socket) do
      :ok = :inet.setopts(socket, active: true)
      {:noreply, publish(%{state | socket: socket, left: ""})}
    else
      _ ->
        Process.send_after(self(), :connect, 500)
        {:noreply, state}
    end
  end

  def handle_info({:tcp, socket, data}, %{socket: socket} = state) do
    {frames, left} = Amqp.frames(state.left <> data)
    state = Enum.reduce(frames, %{state | left: left}, &frame/2)
    {:noreply, publish(state)}
  end

  def handle_info({gone, socket}, %{socket: socket} = state) when gone == :tcp_closed, do: {:noreply, lost(state)}
  def handle_info({:tcp_error, socket, _}, %{socket: socket} = state), do: {:noreply, lost(state)}

  def handle_info(:heartbeat, %{socket: socket} = state) when socket != nil do
    Amqp.heartbeat(socket)
    {:noreply, state}
  end

  def handle_info(_, state), do: {:noreply, state}

  # basic.ack: the queue has it. `multiple` means all up to this one.
  defp frame({1, <<60::16, 80::16, tag::64, multiple>>}, state) do
    {done, on_way} = Enum.split_with(state.on_way, fn {each, _} -> each == tag or (multiple == 1 and each < tag) end)
    answered = Enum.flat_map(done, fn {_, batch} -> batch end)
    for {from, {_, version, _}} <- answered, do: GenServer.reply(from, {:ok, version})
    %{state | on_way: Map.new(on_way), count: state.count - length(answered)}
  end

  # basic.nack: it has none of it, and is asked again.
  defp frame({1, <<60::16, 120::16, tag::64, _::binary>>}, state) do
    {batch, on_way} = Map.pop(state.on_way, tag, [])
    %{state | on_way: on_way, waiting: state.waiting ++ batch}
  end

  # connection.close and channel.close.
  defp frame({1, <<class::16, method::16, _::binary>>}, state) when {class, method} in [{10, 50}, {20, 40}] do
    lost(state)
  end

  defp frame(_, state), do: state

  defp lost(%{socket: nil} = state), do: state

  defp lost(state) do
    :gen_tcp.close(state.socket)
    Process.send_after(self(), :connect, 100)
    again = state.on_way |> Enum.sort(:desc) |> Enum.flat_map(fn {_, batch} -> batch end)
    %{state | socket: nil, left: "", on_way: %{}, next: 1, waiting: state.waiting ++ again}
  end

  defp publish(%{socket: nil} = state), do: state
  defp publish(%{waiting: []} = state), do: state
  defp publish(%{on_way: on_way} = state) when map_size(on_way) >= @messages_on_their_way, do: state

  defp publish(state) do
    {batch, rest} = state.waiting |> Enum.reverse() |> Enum.split(@most_in_a_message)
    body = :erlang.term_to_binary(for {_, command} <- batch, do: command)

    case Amqp.publish(state.socket, body) do
      :ok ->
        sent = %{state | waiting: Enum.reverse(rest), on_way: Map.put(state.on_way, state.next, batch)}
        publish(%{sent | next: state.next + 1})

      _ ->
        lost(state)
    end
  end
end
