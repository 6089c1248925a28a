// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC7943MultiToken} from "../ledger/IERC7943MultiToken.sol";
import {ILedgerEvents} from "../ledger/ILedgerEvents.sol";
import {ILedgerTypes} from "../ledger/ILedgerTypes.sol";
import {vm, Vm} from "./Vm.sol";

/// @dev What the ledger's events alone say. Reads the events of one call after the other.
abstract contract LogBook {
    struct Told {
        address investor;
        uint256 units;
        uint256 projectId;
        uint256 unlockDay;
        bool reversed;
    }

    struct ToldEpoch {
        uint256 supply;
        uint256 cumulative;
    }

    mapping(uint256 projectId => mapping(address => uint256)) public toldBalance;
    mapping(uint256 projectId => mapping(address => uint256)) public toldFrozen;
    mapping(uint256 projectId => uint256) public toldSupply;
    mapping(uint256 projectId => ILedgerTypes.State) public toldState;
    mapping(uint256 projectId => uint256) public toldEpochs;
    mapping(uint256 projectId => mapping(uint256 epoch => ToldEpoch)) public toldEpoch;
    mapping(bytes32 investmentId => Told) public told;
    mapping(address => ILedgerTypes.Account) public toldAccount;
    bool public toldPaused;
    uint256 private _calls;
    /// @dev In which call units last left an account.
    mapping(address => uint256) private _left;

    /// @return count Events of all contracts, and of the vault, which says what it settles there
    function readLogs(address ledger, address vault) internal returns (uint256 count) {
        ++_calls;
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            // What a claim changes in the ledger is told by the vault.
            if (logs[i].emitter == ledger || logs[i].emitter == vault) ++count;
            if (logs[i].emitter == ledger) _read(logs[i].topics, logs[i].data);
        }
    }

    function _read(bytes32[] memory topics, bytes memory data) private {
        bytes32 kind = topics[0];
        if (kind == IERC1155.TransferSingle.selector) {
            (uint256 id, uint256 units) = abi.decode(data, (uint256, uint256));
            _move(id, _address(topics[2]), _address(topics[3]), units);
        } else if (kind == IERC1155.TransferBatch.selector) {
            (uint256[] memory ids, uint256[] memory units) = abi.decode(data, (uint256[], uint256[]));
            for (uint256 i = 0; i < ids.length; ++i) {
                _move(ids[i], _address(topics[2]), _address(topics[3]), units[i]);
            }
        } else if (kind == IERC7943MultiToken.Frozen.selector) {
            (address account, uint256 id) = (_address(topics[1]), uint256(topics[2]));
            // ERC-7943: it comes before the event of the transfer that it makes room for.
            require(_left[account] != _calls, "frozen after the transfer");
            toldFrozen[id][account] = abi.decode(data, (uint256));
        } else if (kind == ILedgerEvents.InvestmentMinted.selector) {
            (uint256 units, uint256 day) = abi.decode(data, (uint256, uint256));
            require(told[topics[1]].units == 0, "minted twice");
            told[topics[1]] = Told(_address(topics[3]), units, uint256(topics[2]), day, false);
        } else if (kind == ILedgerEvents.InvestmentReversed.selector) {
            told[topics[1]].reversed = true;
        } else if (kind == ILedgerEvents.EpochOpened.selector) {
            (uint256 supply,, uint256 cumulative) = abi.decode(data, (uint256, uint256, uint256));
            toldEpochs[uint256(topics[1])] = uint256(topics[2]);
            toldEpoch[uint256(topics[1])][uint256(topics[2])] = ToldEpoch(supply, cumulative);
        } else if (kind == ILedgerEvents.ProjectStateChanged.selector) {
            (toldState[uint256(topics[1])],) = abi.decode(data, (ILedgerTypes.State, bytes32));
        } else if (kind == ILedgerEvents.AccountSet.selector) {
            _readAccount(_address(topics[1]), uint64(uint256(topics[2])), data);
        } else if (kind == ILedgerEvents.Paused.selector || kind == ILedgerEvents.Unpaused.selector) {
            toldPaused = kind == ILedgerEvents.Paused.selector;
        }
    }

    function _readAccount(address account, uint64 investorId, bytes memory data) private {
        (uint8 flags, uint40 expiry, uint16 country, uint8 class) = abi.decode(data, (uint8, uint40, uint16, uint8));
        toldAccount[account] = ILedgerTypes.Account(flags, expiry, country, class, investorId);
    }

    function _move(uint256 id, address from, address to, uint256 units) private {
        _left[from] = _calls;
        if (from == address(0)) toldSupply[id] += units;
        else toldBalance[id][from] -= units;
        if (to == address(0)) toldSupply[id] -= units;
        else toldBalance[id][to] += units;
    }

    function _address(bytes32 topic) private pure returns (address) {
        return address(uint160(uint256(topic)));
    }
}
